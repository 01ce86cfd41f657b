import type { NodeContext, NodeResult } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { samplerNames } from './options.ts'
import { rehearseSampling } from './sampling.ts'
import {
  linked,
  numberOf,
  seedOf,
  textOf,
  type GuiderValue,
  type LatentValue,
  type SamplerValue,
  type SigmasValue,
} from './values.ts'

interface Parts {
  readonly guider: GuiderValue
  readonly seed: bigint
  readonly sampler: SamplerValue
  readonly sigmas: SigmasValue
  readonly latent: LatentValue
}

/** Both outputs are the same here: nothing is left undone. */
async function sample(
  { guider, seed, sampler, sigmas, latent }: Parts,
  context: NodeContext,
): Promise<NodeResult> {
  const sampling = {
    model: guider.model.name,
    prompt: guider.positive.text,
    negative: guider.negative.text,
    seed,
    steps: sigmas.steps,
    cfg: guider.cfg,
    sampler: sampler.name,
    scheduler: sigmas.scheduler,
    denoise: sigmas.denoise,
  }
  const channels = guider.model.latentChannels
  const done = await rehearseSampling(latent, sampling, sigmas.steps, channels, context)
  return { outputs: [done, done] }
}

/** The samplers that are put together from parts, and their parts. */
export const customSampling: readonly TableEntry[] = [
  defineNode({
    name: 'SamplerCustom',
    title: null,
    category: 'model/sampling/custom',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: {
      model: ['MODEL', {}],
      add_noise: ['BOOLEAN', { advanced: true, default: true }],
      noise_seed: ['INT', { default: 0, min: 0, max: 18446744073709551615n, control_after_generate: true }],
      cfg: ['FLOAT', { default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }],
      positive: ['CONDITIONING', {}],
      negative: ['CONDITIONING', {}],
      sampler: ['SAMPLER', {}],
      sigmas: ['SIGMAS', {}],
      latent_image: ['LATENT', {}],
    },
    output: ['LATENT', 'LATENT'],
    outputNames: ['output', 'denoised_output'],
    run: (inputs, context) => {
      const guider: GuiderValue = {
        kind: 'guider',
        model: linked('model', inputs.model),
        positive: linked('conditioning', inputs.positive),
        negative: linked('conditioning', inputs.negative),
        cfg: numberOf(inputs.cfg),
      }
      const parts = {
        guider,
        seed: seedOf(inputs.noise_seed),
        sampler: linked('sampler', inputs.sampler),
        sigmas: linked('sigmas', inputs.sigmas),
        latent: linked('latent', inputs.latent_image),
      }
      return sample(parts, context)
    },
  }),
  defineNode({
    name: 'SamplerCustomAdvanced',
    title: null,
    category: 'model/sampling/custom',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: {
      noise: ['NOISE', {}],
      guider: ['GUIDER', {}],
      sampler: ['SAMPLER', {}],
      sigmas: ['SIGMAS', {}],
      latent_image: ['LATENT', {}],
    },
    output: ['LATENT', 'LATENT'],
    outputNames: ['output', 'denoised_output'],
    run: (inputs, context) => {
      const parts = {
        guider: linked('guider', inputs.guider),
        seed: linked('noise', inputs.noise).seed,
        sampler: linked('sampler', inputs.sampler),
        sigmas: linked('sigmas', inputs.sigmas),
        latent: linked('latent', inputs.latent_image),
      }
      return sample(parts, context)
    },
  }),
  defineNode({
    name: 'BasicGuider',
    title: 'Basic Guider',
    category: 'model/sampling/guiders',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: { model: ['MODEL', {}], conditioning: ['CONDITIONING', {}] },
    output: ['GUIDER'],
    run: (inputs) => {
      const guider: GuiderValue = {
        kind: 'guider',
        model: linked('model', inputs.model),
        positive: linked('conditioning', inputs.conditioning),
        negative: { kind: 'conditioning', text: '' },
        cfg: 1,
      }
      return { outputs: [guider] }
    },
  }),
  defineNode({
    name: 'CFGGuider',
    title: 'CFG Guider',
    category: 'model/sampling/guiders',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: {
      model: ['MODEL', {}],
      positive: ['CONDITIONING', {}],
      negative: ['CONDITIONING', {}],
      cfg: ['FLOAT', { default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }],
    },
    output: ['GUIDER'],
    run: (inputs) => {
      const guider: GuiderValue = {
        kind: 'guider',
        model: linked('model', inputs.model),
        positive: linked('conditioning', inputs.positive),
        negative: linked('conditioning', inputs.negative),
        cfg: numberOf(inputs.cfg),
      }
      return { outputs: [guider] }
    },
  }),
  defineNode({
    name: 'KSamplerSelect',
    title: null,
    category: 'model/sampling/samplers',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: { sampler_name: ['COMBO', { multiselect: false, options: samplerNames }] },
    output: ['SAMPLER'],
    run: ({ sampler_name }) => ({ outputs: [{ kind: 'sampler', name: textOf(sampler_name) }] }),
  }),
  defineNode({
    name: 'RandomNoise',
    title: null,
    category: 'model/sampling/noise',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: {
      noise_seed: ['INT', { default: 0, min: 0, max: 18446744073709551615n, control_after_generate: true }],
    },
    output: ['NOISE'],
    run: ({ noise_seed }) => ({ outputs: [{ kind: 'noise', seed: seedOf(noise_seed) }] }),
  }),
  defineNode({
    name: 'DisableNoise',
    title: null,
    category: 'sampling/custom_sampling/noise',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    output: ['NOISE'],
    run: () => ({ outputs: [{ kind: 'noise', seed: 0n }] }),
  }),
  defineNode({
    name: 'DualCFGGuider',
    title: null,
    category: 'sampling/custom_sampling/guiders',
    module: 'comfy_extras.nodes_custom_sampler',
    v3: true,
    required: {
      model: ['MODEL', {}],
      cond1: ['CONDITIONING', {}],
      cond2: ['CONDITIONING', {}],
      negative: ['CONDITIONING', {}],
      cfg_conds: ['FLOAT', { default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }],
      cfg_cond2_negative: ['FLOAT', { default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }],
      style: ['COMBO', { multiselect: false, options: ['regular', 'nested'] }],
    },
    output: ['GUIDER'],
    run: (inputs) => {
      const [first, second] = [linked('conditioning', inputs.cond1), linked('conditioning', inputs.cond2)]
      const guider: GuiderValue = {
        kind: 'guider',
        model: linked('model', inputs.model),
        positive: { kind: 'conditioning', text: `${first.text} ${second.text}`.trim() },
        negative: linked('conditioning', inputs.negative),
        cfg: numberOf(inputs.cfg_conds),
      }
      return { outputs: [guider] }
    },
  }),
]
