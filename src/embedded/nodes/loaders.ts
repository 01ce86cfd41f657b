import { defineNode, type TableEntry } from './define.ts'
import { checkpointNames, diffusionModelNames, loraNames, textEncoderNames, vaeNames } from './options.ts'
import { linked, numberOf, textOf, type ModelValue, type VaeValue } from './values.ts'

/** How many channels the latents of a model's family have: Flux, SD3, Qwen and Wan sixteen, the others four. */
function latentChannels(name: string): number {
  return /flux|sd3|qwen|wan|^ae\./i.test(name) ? 16 : 4
}

function model(name: string): ModelValue {
  return { kind: 'model', name, latentChannels: latentChannels(name) }
}

function vae(name: string): VaeValue {
  return { kind: 'vae', name, latentChannels: latentChannels(name) }
}

function withLora(base: ModelValue, lora: unknown, strength: unknown): ModelValue {
  return numberOf(strength) === 0
    ? base
    : { ...base, name: `${base.name} + ${textOf(lora)} ${numberOf(strength)}` }
}

/** Loaders of models. Nothing is loaded: the models are names that go into the rehearsal. */
export const loaders: readonly TableEntry[] = [
  defineNode({
    name: 'CheckpointLoaderSimple',
    title: 'Load Checkpoint',
    category: 'model/loaders',
    required: { ckpt_name: [checkpointNames, {}] },
    output: ['MODEL', 'CLIP', 'VAE'],
    run: ({ ckpt_name }) => {
      const name = textOf(ckpt_name)
      return { outputs: [model(name), { kind: 'clip', name }, vae(name)] }
    },
  }),
  defineNode({
    name: 'UNETLoader',
    title: 'Load Diffusion Model',
    category: 'model/loaders',
    required: {
      unet_name: [diffusionModelNames],
      weight_dtype: [['default', 'fp8_e4m3fn', 'fp8_e4m3fn_fast', 'fp8_e5m2'], { advanced: true }],
    },
    output: ['MODEL'],
    run: ({ unet_name }) => ({ outputs: [model(textOf(unet_name))] }),
  }),
  defineNode({
    name: 'CLIPLoader',
    title: 'Load CLIP',
    category: 'model/loaders',
    required: {
      clip_name: [textEncoderNames],
      type: [
        [
          'stable_diffusion',
          'stable_cascade',
          'sd3',
          'stable_audio',
          'mochi',
          'ltxv',
          'pixart',
          'cosmos',
          'lumina2',
          'wan',
          'hidream',
          'chroma',
          'ace',
          'omnigen2',
          'qwen_image',
          'hunyuan_image',
          'flux2',
          'ovis',
          'longcat_image',
          'cogvideox',
          'lens',
          'pixeldit',
          'ideogram4',
          'boogu',
          'krea2',
          'joyimage',
          'mage',
          'minimax',
        ],
      ],
    },
    optional: { device: [['default', 'cpu'], { advanced: true }] },
    output: ['CLIP'],
    run: ({ clip_name }) => ({ outputs: [{ kind: 'clip', name: textOf(clip_name) }] }),
  }),
  defineNode({
    name: 'DualCLIPLoader',
    title: 'Load CLIP (Dual)',
    category: 'model/loaders',
    required: {
      clip_name1: [textEncoderNames],
      clip_name2: [textEncoderNames],
      type: [
        [
          'sdxl',
          'sd3',
          'flux',
          'hunyuan_video',
          'hidream',
          'hunyuan_image',
          'hunyuan_video_15',
          'kandinsky5',
          'kandinsky5_image',
          'ltxv',
          'newbie',
          'ace',
        ],
      ],
    },
    optional: { device: [['default', 'cpu'], { advanced: true }] },
    output: ['CLIP'],
    run: ({ clip_name1, clip_name2 }) => ({
      outputs: [{ kind: 'clip', name: `${textOf(clip_name1)} + ${textOf(clip_name2)}` }],
    }),
  }),
  defineNode({
    name: 'TripleCLIPLoader',
    title: null,
    category: 'advanced/loaders',
    module: 'comfy_extras.nodes_sd3',
    v3: true,
    required: {
      clip_name1: ['COMBO', { multiselect: false, options: textEncoderNames }],
      clip_name2: ['COMBO', { multiselect: false, options: textEncoderNames }],
      clip_name3: ['COMBO', { multiselect: false, options: textEncoderNames }],
    },
    output: ['CLIP'],
    run: ({ clip_name1, clip_name2, clip_name3 }) => ({
      outputs: [
        { kind: 'clip', name: `${textOf(clip_name1)} + ${textOf(clip_name2)} + ${textOf(clip_name3)}` },
      ],
    }),
  }),
  defineNode({
    name: 'VAELoader',
    title: 'Load VAE',
    category: 'model/loaders',
    required: { vae_name: [vaeNames] },
    output: ['VAE'],
    run: ({ vae_name }) => ({ outputs: [vae(textOf(vae_name))] }),
  }),
  defineNode({
    name: 'LoraLoader',
    title: 'Load LoRA (Model and CLIP)',
    category: 'model/loaders',
    required: {
      model: ['MODEL', {}],
      clip: ['CLIP', {}],
      lora_name: [loraNames, {}],
      strength_model: ['FLOAT', { default: 1, min: -100, max: 100, step: 0.01 }],
      strength_clip: ['FLOAT', { default: 1, min: -100, max: 100, step: 0.01 }],
    },
    output: ['MODEL', 'CLIP'],
    essentials: 'Image Generation',
    run: (inputs) => ({
      outputs: [
        withLora(linked('model', inputs.model), inputs.lora_name, inputs.strength_model),
        linked('clip', inputs.clip),
      ],
    }),
  }),
  defineNode({
    name: 'LoraLoaderModelOnly',
    title: 'Load LoRA',
    category: 'model/loaders',
    required: {
      model: ['MODEL'],
      lora_name: [loraNames],
      strength_model: ['FLOAT', { default: 1, min: -100, max: 100, step: 0.01 }],
    },
    output: ['MODEL'],
    essentials: 'Image Generation',
    run: (inputs) => ({
      outputs: [withLora(linked('model', inputs.model), inputs.lora_name, inputs.strength_model)],
    }),
  }),
  defineNode({
    name: 'CLIPSetLastLayer',
    title: 'CLIP Set Last Layer',
    category: 'model/conditioning',
    required: {
      clip: ['CLIP'],
      stop_at_clip_layer: ['INT', { default: -1, min: -24, max: -1, step: 1, advanced: true }],
    },
    output: ['CLIP'],
    run: ({ clip }) => ({ outputs: [linked('clip', clip)] }),
  }),
]
