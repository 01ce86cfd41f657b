import { defineNode, type TableEntry } from './define.ts'
import { clipVisionNames, styleModelNames } from './options.ts'
import { linked, textOf } from './values.ts'

/** Models that look at pictures: loaded by name, and otherwise without effect on the rehearsal. */
export const clipVisions: readonly TableEntry[] = [
  defineNode({
    name: 'CLIPVisionLoader',
    title: 'Load CLIP Vision',
    category: 'loaders',
    required: { clip_name: [clipVisionNames] },
    output: ['CLIP_VISION'],
    run: ({ clip_name }) => ({ outputs: [{ kind: 'clip-vision', name: textOf(clip_name) }] }),
  }),
  defineNode({
    name: 'CLIPVisionEncode',
    title: 'CLIP Vision Encode',
    category: 'conditioning',
    required: { clip_vision: ['CLIP_VISION'], image: ['IMAGE'], crop: [['center', 'none']] },
    output: ['CLIP_VISION_OUTPUT'],
    run: ({ clip_vision, image }) => {
      linked('image', image)
      return { outputs: [{ kind: 'clip-vision-output', name: linked('clip-vision', clip_vision).name }] }
    },
  }),
  defineNode({
    name: 'StyleModelLoader',
    title: 'Load Style Model',
    category: 'loaders',
    required: { style_model_name: [styleModelNames] },
    output: ['STYLE_MODEL'],
    run: ({ style_model_name }) => ({ outputs: [{ kind: 'style-model', name: textOf(style_model_name) }] }),
  }),
  defineNode({
    name: 'StyleModelApply',
    title: 'Apply Style Model',
    category: 'conditioning/style_model',
    required: {
      conditioning: ['CONDITIONING'],
      style_model: ['STYLE_MODEL'],
      clip_vision_output: ['CLIP_VISION_OUTPUT'],
      strength: ['FLOAT', { default: 1, min: 0, max: 10, step: 0.001 }],
      strength_type: [['multiply', 'attn_bias']],
    },
    output: ['CONDITIONING'],
    run: (inputs) => {
      linked('style-model', inputs.style_model)
      linked('clip-vision-output', inputs.clip_vision_output)
      return { outputs: [linked('conditioning', inputs.conditioning)] }
    },
  }),
  defineNode({
    name: 'unCLIPConditioning',
    title: 'unCLIPConditioning',
    category: 'conditioning',
    required: {
      conditioning: ['CONDITIONING'],
      clip_vision_output: ['CLIP_VISION_OUTPUT'],
      strength: ['FLOAT', { default: 1, min: -10, max: 10, step: 0.01 }],
      noise_augmentation: ['FLOAT', { default: 0, min: 0, max: 1, step: 0.01 }],
    },
    output: ['CONDITIONING'],
    run: (inputs) => {
      linked('clip-vision-output', inputs.clip_vision_output)
      return { outputs: [linked('conditioning', inputs.conditioning)] }
    },
  }),
]
