import { defineNode, type TableEntry } from './define.ts'
import { controlNetNames } from './options.ts'
import { linked, textOf } from './values.ts'

/** ControlNets: loaded by name, checked for an image, and otherwise without effect on the rehearsal. */
export const controlNets: readonly TableEntry[] = [
  defineNode({
    name: 'ControlNetLoader',
    title: 'Load ControlNet Model',
    category: 'model/loaders',
    required: { control_net_name: [controlNetNames] },
    output: ['CONTROL_NET'],
    run: ({ control_net_name }) => ({ outputs: [{ kind: 'control-net', name: textOf(control_net_name) }] }),
  }),
  defineNode({
    name: 'ControlNetApply',
    title: 'Apply ControlNet (DEPRECATED)',
    category: 'model/conditioning/controlnet',
    required: {
      conditioning: ['CONDITIONING'],
      control_net: ['CONTROL_NET'],
      image: ['IMAGE'],
      strength: ['FLOAT', { default: 1, min: 0, max: 10, step: 0.01 }],
    },
    output: ['CONDITIONING'],
    deprecated: true,
    run: (inputs) => {
      linked('control-net', inputs.control_net)
      linked('image', inputs.image)
      return { outputs: [linked('conditioning', inputs.conditioning)] }
    },
  }),
  defineNode({
    name: 'ControlNetApplyAdvanced',
    title: 'Apply ControlNet',
    category: 'model/conditioning/controlnet',
    required: {
      positive: ['CONDITIONING'],
      negative: ['CONDITIONING'],
      control_net: ['CONTROL_NET'],
      image: ['IMAGE'],
      strength: ['FLOAT', { default: 1, min: 0, max: 10, step: 0.01 }],
      start_percent: ['FLOAT', { default: 0, min: 0, max: 1, step: 0.001 }],
      end_percent: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.001 }],
    },
    optional: { vae: ['VAE'] },
    output: ['CONDITIONING', 'CONDITIONING'],
    outputNames: ['positive', 'negative'],
    run: (inputs) => {
      linked('control-net', inputs.control_net)
      linked('image', inputs.image)
      return { outputs: [linked('conditioning', inputs.positive), linked('conditioning', inputs.negative)] }
    },
  }),
]
