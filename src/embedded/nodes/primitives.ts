import { PythonFloat } from '../python-json.ts'
import { defineNode, type TableEntry } from './define.ts'
import { numberOf, textOf } from './values.ts'

/** Values as nodes of their own, and a switch between two. */
export const primitives: readonly TableEntry[] = [
  defineNode({
    name: 'PrimitiveInt',
    title: 'Int',
    category: 'utilities/primitive',
    module: 'comfy_extras.nodes_primitive',
    v3: true,
    required: {
      value: [
        'INT',
        { min: -9223372036854775807n, max: 9223372036854775807n, control_after_generate: 'fixed' },
      ],
    },
    output: ['INT'],
    run: ({ value }) => ({ outputs: [value] }),
  }),
  defineNode({
    name: 'PrimitiveFloat',
    title: 'Float',
    category: 'utilities/primitive',
    module: 'comfy_extras.nodes_primitive',
    v3: true,
    required: { value: ['FLOAT', { min: -9223372036854775807n, max: 9223372036854775807n, step: 0.1 }] },
    output: ['FLOAT'],
    // Shown as text it is `2.0`, not `2`.
    run: ({ value }) => ({ outputs: [new PythonFloat(numberOf(value))] }),
  }),
  defineNode({
    name: 'PrimitiveString',
    title: 'Text',
    category: 'utilities/primitive',
    module: 'comfy_extras.nodes_primitive',
    v3: true,
    required: { value: ['STRING', { multiline: false }] },
    output: ['STRING'],
    run: ({ value }) => ({ outputs: [textOf(value)] }),
  }),
  defineNode({
    name: 'PrimitiveStringMultiline',
    title: 'Text (Multiline)',
    category: 'utilities/primitive',
    module: 'comfy_extras.nodes_primitive',
    v3: true,
    required: { value: ['STRING', { multiline: true }] },
    output: ['STRING'],
    essentials: 'Basics',
    run: ({ value }) => ({ outputs: [textOf(value)] }),
  }),
  defineNode({
    name: 'PrimitiveBoolean',
    title: 'Boolean',
    category: 'utilities/primitive',
    module: 'comfy_extras.nodes_primitive',
    v3: true,
    required: { value: ['BOOLEAN', {}] },
    output: ['BOOLEAN'],
    run: ({ value }) => ({ outputs: [value === true] }),
  }),
  defineNode({
    name: 'ComfySwitchNode',
    title: 'If/Else Switch',
    category: 'utilities/logic',
    module: 'comfy_extras.nodes_logic',
    v3: true,
    required: {
      switch: ['BOOLEAN', {}],
      on_false: [
        'COMFY_MATCHTYPE_V3',
        { lazy: true, template: { template_id: 'switch', allowed_types: '*' } },
      ],
      on_true: [
        'COMFY_MATCHTYPE_V3',
        { lazy: true, template: { template_id: 'switch', allowed_types: '*' } },
      ],
    },
    output: ['COMFY_MATCHTYPE_V3'],
    outputNames: ['output'],
    experimental: true,
    outputMatchTypes: ['switch'],
    run: (inputs) => ({ outputs: [inputs.switch === true ? inputs.on_true : inputs.on_false] }),
  }),
]
