import type { NodeContext, NodeResult } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { samplerNames, schedulerNames } from './options.ts'
import { rehearseSampling } from './sampling.ts'
import { linked, numberOf, seedOf, textOf, type Sampling } from './values.ts'

interface Course {
  readonly seed: bigint
  /** How many steps are gone through. */
  readonly steps: number
  readonly denoise: number
}

async function sample(
  inputs: Readonly<Record<string, unknown>>,
  { seed, steps, denoise }: Course,
  context: NodeContext,
): Promise<NodeResult> {
  const model = linked('model', inputs.model)
  const sampling: Sampling = {
    model: model.name,
    prompt: linked('conditioning', inputs.positive).text,
    negative: linked('conditioning', inputs.negative).text,
    seed,
    steps: numberOf(inputs.steps),
    cfg: numberOf(inputs.cfg),
    sampler: textOf(inputs.sampler_name),
    scheduler: textOf(inputs.scheduler),
    denoise,
  }
  const latent = linked('latent', inputs.latent_image)
  return { outputs: [await rehearseSampling(latent, sampling, steps, model.latentChannels, context)] }
}

/** The samplers that hold everything in one node. */
export const samplers: readonly TableEntry[] = [
  defineNode({
    name: 'KSampler',
    title: 'KSampler',
    category: 'model/sampling',
    required: {
      model: ['MODEL', {}],
      seed: ['INT', { default: 0, min: 0, max: 18446744073709551615n, control_after_generate: true }],
      steps: ['INT', { default: 20, min: 1, max: 10000 }],
      cfg: ['FLOAT', { default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }],
      sampler_name: [samplerNames, {}],
      scheduler: [schedulerNames, {}],
      positive: ['CONDITIONING', {}],
      negative: ['CONDITIONING', {}],
      latent_image: ['LATENT', {}],
      denoise: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.01 }],
    },
    output: ['LATENT'],
    run: (inputs, context) => {
      const denoise = numberOf(inputs.denoise)
      // With no noise to take away there is nothing to do.
      const steps = denoise > 0 ? numberOf(inputs.steps) : 0
      return sample(inputs, { seed: seedOf(inputs.seed), steps, denoise }, context)
    },
  }),
  defineNode({
    name: 'KSamplerAdvanced',
    title: 'KSampler (Advanced)',
    category: 'model/sampling',
    required: {
      model: ['MODEL'],
      add_noise: [['enable', 'disable'], { advanced: true }],
      noise_seed: ['INT', { default: 0, min: 0, max: 18446744073709551615n, control_after_generate: true }],
      steps: ['INT', { default: 20, min: 1, max: 10000 }],
      cfg: ['FLOAT', { default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }],
      sampler_name: [samplerNames],
      scheduler: [schedulerNames],
      positive: ['CONDITIONING'],
      negative: ['CONDITIONING'],
      latent_image: ['LATENT'],
      start_at_step: ['INT', { default: 0, min: 0, max: 10000, advanced: true }],
      end_at_step: ['INT', { default: 10000, min: 0, max: 10000, advanced: true }],
      return_with_leftover_noise: [['disable', 'enable'], { advanced: true }],
    },
    output: ['LATENT'],
    run: (inputs, context) => {
      const all = numberOf(inputs.steps)
      const start = Math.min(all, numberOf(inputs.start_at_step))
      const steps = Math.max(0, Math.min(all, numberOf(inputs.end_at_step)) - start)
      const denoise = all > 0 ? (all - start) / all : 0
      return sample(inputs, { seed: seedOf(inputs.noise_seed), steps, denoise }, context)
    },
  }),
]
