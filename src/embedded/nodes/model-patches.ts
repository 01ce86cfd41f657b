import { defineNode, type TableEntry } from './define.ts'
import { linked } from './values.ts'

/** Nodes that change how a model samples: a rehearsal is none the wiser, the model goes through. */
export const modelPatches: readonly TableEntry[] = [
  defineNode({
    name: 'ModelSamplingSD3',
    title: 'ModelSamplingSD3',
    category: 'model/patch/stable diffusion',
    module: 'comfy_extras.nodes_model_advanced',
    required: { model: ['MODEL'], shift: ['FLOAT', { default: 3, min: 0, max: 100, step: 0.01 }] },
    output: ['MODEL'],
    run: ({ model }) => ({ outputs: [linked('model', model)] }),
  }),
  defineNode({
    name: 'ModelSamplingFlux',
    title: 'ModelSamplingFlux',
    category: 'model/patch/flux',
    module: 'comfy_extras.nodes_model_advanced',
    required: {
      model: ['MODEL'],
      max_shift: ['FLOAT', { default: 1.15, min: 0, max: 100, step: 0.01, advanced: true }],
      base_shift: ['FLOAT', { default: 0.5, min: 0, max: 100, step: 0.01, advanced: true }],
      width: ['INT', { default: 1024, min: 16, max: 16384, step: 8 }],
      height: ['INT', { default: 1024, min: 16, max: 16384, step: 8 }],
    },
    output: ['MODEL'],
    run: ({ model }) => ({ outputs: [linked('model', model)] }),
  }),
  defineNode({
    name: 'FreeU_V2',
    title: null,
    category: 'model/patch/unet',
    module: 'comfy_extras.nodes_freelunch',
    v3: true,
    required: {
      model: ['MODEL', {}],
      b1: ['FLOAT', { advanced: true, default: 1.3, min: 0, max: 10, step: 0.01 }],
      b2: ['FLOAT', { advanced: true, default: 1.4, min: 0, max: 10, step: 0.01 }],
      s1: ['FLOAT', { advanced: true, default: 0.9, min: 0, max: 10, step: 0.01 }],
      s2: ['FLOAT', { advanced: true, default: 0.2, min: 0, max: 10, step: 0.01 }],
    },
    output: ['MODEL'],
    run: ({ model }) => ({ outputs: [linked('model', model)] }),
  }),
]
