import { defineNode, type TableEntry } from './define.ts'
import { schedulerNames } from './options.ts'
import { linked, numberOf, textOf, type SigmasValue } from './values.ts'

/** A course of so many steps from the given share of noise. With no noise to take away there is nothing to do. */
function course(scheduler: string, steps: number, denoise: number): SigmasValue {
  return { kind: 'sigmas', scheduler, steps: denoise > 0 ? steps : 0, denoise }
}

/** The first steps of a course and the rest of it. */
function split(sigmas: SigmasValue, first: number): readonly [SigmasValue, SigmasValue] {
  const count = Math.min(sigmas.steps, Math.max(0, first))
  const rest = sigmas.steps - count
  const share = sigmas.steps > 0 ? rest / sigmas.steps : 0
  return [
    { ...sigmas, steps: count },
    { ...sigmas, steps: rest, denoise: sigmas.denoise * share },
  ]
}

/** Nodes that plan the steps of the custom samplers. */
export const sigmas: readonly TableEntry[] = [
  defineNode({
    name: 'BasicScheduler',
    title: null,
    category: 'model/sampling/schedulers',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: {
      model: ['MODEL', {}],
      scheduler: ['COMBO', { multiselect: false, options: schedulerNames }],
      steps: ['INT', { default: 20, min: 1, max: 10000 }],
      denoise: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.01 }],
    },
    output: ['SIGMAS'],
    run: (inputs) => {
      linked('model', inputs.model)
      return {
        outputs: [course(textOf(inputs.scheduler), numberOf(inputs.steps), numberOf(inputs.denoise))],
      }
    },
  }),
  defineNode({
    name: 'KarrasScheduler',
    title: null,
    category: 'sampling/custom_sampling/schedulers',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: {
      steps: ['INT', { default: 20, min: 1, max: 10000 }],
      sigma_max: ['FLOAT', { default: 14.614642, min: 0, max: 5000, step: 0.01, round: false }],
      sigma_min: ['FLOAT', { default: 0.0291675, min: 0, max: 5000, step: 0.01, round: false }],
      rho: ['FLOAT', { default: 7, min: 0, max: 100, step: 0.01, round: false }],
    },
    output: ['SIGMAS'],
    run: ({ steps }) => ({ outputs: [course('karras', numberOf(steps), 1)] }),
  }),
  defineNode({
    name: 'ExponentialScheduler',
    title: null,
    category: 'sampling/custom_sampling/schedulers',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: {
      steps: ['INT', { default: 20, min: 1, max: 10000 }],
      sigma_max: ['FLOAT', { default: 14.614642, min: 0, max: 5000, step: 0.01, round: false }],
      sigma_min: ['FLOAT', { default: 0.0291675, min: 0, max: 5000, step: 0.01, round: false }],
    },
    output: ['SIGMAS'],
    run: ({ steps }) => ({ outputs: [course('exponential', numberOf(steps), 1)] }),
  }),
  defineNode({
    name: 'SDTurboScheduler',
    title: null,
    category: 'sampling/custom_sampling/schedulers',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: {
      model: ['MODEL', {}],
      steps: ['INT', { default: 1, min: 1, max: 10 }],
      denoise: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.01 }],
    },
    output: ['SIGMAS'],
    run: ({ model, steps, denoise }) => {
      linked('model', model)
      return { outputs: [course('turbo', numberOf(steps), numberOf(denoise))] }
    },
  }),
  defineNode({
    name: 'Flux2Scheduler',
    title: null,
    category: 'sampling/custom_sampling/schedulers',
    module: 'comfy_extras.nodes_flux',
    v3: true,
    required: {
      steps: ['INT', { default: 20, min: 1, max: 4096 }],
      width: ['INT', { default: 1024, min: 16, max: 16384, step: 1 }],
      height: ['INT', { default: 1024, min: 16, max: 16384, step: 1 }],
    },
    output: ['SIGMAS'],
    run: ({ steps }) => ({ outputs: [course('flux2', numberOf(steps), 1)] }),
  }),
  defineNode({
    name: 'SplitSigmas',
    title: null,
    category: 'sampling/custom_sampling/sigmas',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: { sigmas: ['SIGMAS', {}], step: ['INT', { default: 0, min: 0, max: 10000 }] },
    output: ['SIGMAS', 'SIGMAS'],
    outputNames: ['high_sigmas', 'low_sigmas'],
    run: (inputs) => ({ outputs: split(linked('sigmas', inputs.sigmas), numberOf(inputs.step)) }),
  }),
  defineNode({
    name: 'SplitSigmasDenoise',
    title: null,
    category: 'sampling/custom_sampling/sigmas',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: { sigmas: ['SIGMAS', {}], denoise: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.01 }] },
    output: ['SIGMAS', 'SIGMAS'],
    outputNames: ['high_sigmas', 'low_sigmas'],
    run: (inputs) => {
      const whole = linked('sigmas', inputs.sigmas)
      return { outputs: split(whole, whole.steps - Math.round(whole.steps * numberOf(inputs.denoise))) }
    },
  }),
  defineNode({
    name: 'FlipSigmas',
    title: null,
    category: 'sampling/custom_sampling/sigmas',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: { sigmas: ['SIGMAS', {}] },
    output: ['SIGMAS'],
    run: (inputs) => ({ outputs: [linked('sigmas', inputs.sigmas)] }),
  }),
]
