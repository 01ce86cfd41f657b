import type { NodeResult } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { linked, numberOf, textOf, type ConditioningValue } from './values.ts'

function conditioning(text: string): NodeResult {
  const value: ConditioningValue = { kind: 'conditioning', text }
  return { outputs: [value] }
}

/** Texts joined by a space, empty and repeated ones left out. */
function joined(...texts: readonly string[]): string {
  return [...new Set(texts.map((text) => text.trim()))].filter(Boolean).join(' ')
}

/** Text encoders and what changes their conditioning: the texts go on to the sampler. */
export const conditionings: readonly TableEntry[] = [
  defineNode({
    name: 'CLIPTextEncode',
    title: 'CLIP Text Encode (Prompt)',
    category: 'model/conditioning',
    required: { text: ['STRING', { multiline: true, dynamicPrompts: true }], clip: ['CLIP', {}] },
    output: ['CONDITIONING'],
    run: ({ text, clip }) => {
      linked('clip', clip)
      return conditioning(textOf(text))
    },
  }),
  defineNode({
    name: 'CLIPTextEncodeSDXL',
    title: 'CLIP Text Encode (SDXL)',
    category: 'model/conditioning/stable diffusion',
    module: 'comfy_extras.nodes_clip_sdxl',
    v3: true,
    required: {
      clip: ['CLIP', {}],
      width: ['INT', { default: 1024, min: 0, max: 16384 }],
      height: ['INT', { default: 1024, min: 0, max: 16384 }],
      crop_w: ['INT', { advanced: true, default: 0, min: 0, max: 16384 }],
      crop_h: ['INT', { advanced: true, default: 0, min: 0, max: 16384 }],
      target_width: ['INT', { default: 1024, min: 0, max: 16384 }],
      target_height: ['INT', { default: 1024, min: 0, max: 16384 }],
      text_g: ['STRING', { multiline: true, dynamicPrompts: true }],
      text_l: ['STRING', { multiline: true, dynamicPrompts: true }],
    },
    output: ['CONDITIONING'],
    run: ({ text_g, text_l, clip }) => {
      linked('clip', clip)
      return conditioning(joined(textOf(text_g), textOf(text_l)))
    },
  }),
  defineNode({
    name: 'CLIPTextEncodeFlux',
    title: null,
    category: 'model/conditioning/flux',
    module: 'comfy_extras.nodes_flux',
    v3: true,
    required: {
      clip: ['CLIP', {}],
      clip_l: ['STRING', { multiline: true, dynamicPrompts: true }],
      t5xxl: ['STRING', { multiline: true, dynamicPrompts: true }],
      guidance: ['FLOAT', { default: 3.5, min: 0, max: 100, step: 0.1 }],
    },
    output: ['CONDITIONING'],
    run: ({ clip_l, t5xxl, clip }) => {
      linked('clip', clip)
      return conditioning(joined(textOf(t5xxl), textOf(clip_l)))
    },
  }),
  defineNode({
    name: 'CLIPTextEncodeSD3',
    title: null,
    category: 'advanced/conditioning',
    module: 'comfy_extras.nodes_sd3',
    v3: true,
    required: {
      clip: ['CLIP', {}],
      clip_l: ['STRING', { multiline: true, dynamicPrompts: true }],
      clip_g: ['STRING', { multiline: true, dynamicPrompts: true }],
      t5xxl: ['STRING', { multiline: true, dynamicPrompts: true }],
      empty_padding: ['COMBO', { multiselect: false, options: ['none', 'empty_prompt'] }],
    },
    output: ['CONDITIONING'],
    run: ({ clip_l, clip_g, t5xxl, clip }) => {
      linked('clip', clip)
      return conditioning(joined(textOf(clip_g), textOf(clip_l), textOf(t5xxl)))
    },
  }),
  defineNode({
    name: 'CLIPTextEncodeSDXLRefiner',
    title: null,
    category: 'advanced/conditioning',
    module: 'comfy_extras.nodes_clip_sdxl',
    v3: true,
    required: {
      ascore: ['FLOAT', { default: 6, min: 0, max: 1000, step: 0.01 }],
      width: ['INT', { default: 1024, min: 0, max: 16384 }],
      height: ['INT', { default: 1024, min: 0, max: 16384 }],
      text: ['STRING', { multiline: true, dynamicPrompts: true }],
      clip: ['CLIP', {}],
    },
    output: ['CONDITIONING'],
    run: ({ text, clip }) => {
      linked('clip', clip)
      return conditioning(textOf(text))
    },
  }),
  defineNode({
    name: 'ConditioningCombine',
    title: 'Conditioning (Combine)',
    category: 'model/conditioning/transform',
    required: { conditioning_1: ['CONDITIONING'], conditioning_2: ['CONDITIONING'] },
    output: ['CONDITIONING'],
    essentials: 'Image Generation',
    run: ({ conditioning_1, conditioning_2 }) =>
      conditioning(
        joined(linked('conditioning', conditioning_1).text, linked('conditioning', conditioning_2).text),
      ),
  }),
  defineNode({
    name: 'ConditioningConcat',
    title: 'Conditioning (Concat)',
    category: 'model/conditioning/transform',
    required: { conditioning_to: ['CONDITIONING'], conditioning_from: ['CONDITIONING'] },
    output: ['CONDITIONING'],
    run: ({ conditioning_to, conditioning_from }) =>
      conditioning(
        joined(linked('conditioning', conditioning_to).text, linked('conditioning', conditioning_from).text),
      ),
  }),
  defineNode({
    name: 'ConditioningZeroOut',
    title: 'Conditioning Zero Out',
    category: 'model/conditioning/transform',
    required: { conditioning: ['CONDITIONING'] },
    output: ['CONDITIONING'],
    run: (inputs) => {
      linked('conditioning', inputs.conditioning)
      return conditioning('')
    },
  }),
  defineNode({
    name: 'ConditioningSetArea',
    title: 'Conditioning (Set Area)',
    category: 'model/conditioning/transform',
    required: {
      conditioning: ['CONDITIONING'],
      width: ['INT', { default: 64, min: 64, max: 16384, step: 8 }],
      height: ['INT', { default: 64, min: 64, max: 16384, step: 8 }],
      x: ['INT', { default: 0, min: 0, max: 16384, step: 8 }],
      y: ['INT', { default: 0, min: 0, max: 16384, step: 8 }],
      strength: ['FLOAT', { default: 1, min: 0, max: 10, step: 0.01 }],
    },
    output: ['CONDITIONING'],
    run: (inputs) => ({ outputs: [linked('conditioning', inputs.conditioning)] }),
  }),
  defineNode({
    name: 'FluxGuidance',
    title: null,
    category: 'model/conditioning/flux',
    module: 'comfy_extras.nodes_flux',
    v3: true,
    required: {
      conditioning: ['CONDITIONING', {}],
      guidance: ['FLOAT', { default: 3.5, min: 0, max: 100, step: 0.1 }],
    },
    output: ['CONDITIONING'],
    run: (inputs) => {
      const { text } = linked('conditioning', inputs.conditioning)
      return { outputs: [{ kind: 'conditioning', text, guidance: numberOf(inputs.guidance) }] }
    },
  }),
  defineNode({
    name: 'ConditioningAverage',
    title: 'ConditioningAverage',
    category: 'conditioning',
    required: {
      conditioning_to: ['CONDITIONING'],
      conditioning_from: ['CONDITIONING'],
      conditioning_to_strength: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.01 }],
    },
    output: ['CONDITIONING'],
    run: ({ conditioning_to, conditioning_from, conditioning_to_strength }) => {
      const [to, from] = [linked('conditioning', conditioning_to), linked('conditioning', conditioning_from)]
      const strength = numberOf(conditioning_to_strength)
      if (strength >= 1) return { outputs: [to] }
      return strength <= 0 ? { outputs: [from] } : conditioning(joined(to.text, from.text))
    },
  }),
  defineNode({
    name: 'ConditioningSetAreaPercentage',
    title: 'Conditioning (Set Area with Percentage)',
    category: 'conditioning',
    required: {
      conditioning: ['CONDITIONING'],
      width: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.01 }],
      height: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.01 }],
      x: ['FLOAT', { default: 0, min: 0, max: 1, step: 0.01 }],
      y: ['FLOAT', { default: 0, min: 0, max: 1, step: 0.01 }],
      strength: ['FLOAT', { default: 1, min: 0, max: 10, step: 0.01 }],
    },
    output: ['CONDITIONING'],
    run: (inputs) => ({ outputs: [linked('conditioning', inputs.conditioning)] }),
  }),
  defineNode({
    name: 'ConditioningSetTimestepRange',
    title: 'ConditioningSetTimestepRange',
    category: 'advanced/conditioning',
    required: {
      conditioning: ['CONDITIONING'],
      start: ['FLOAT', { default: 0, min: 0, max: 1, step: 0.001 }],
      end: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.001 }],
    },
    output: ['CONDITIONING'],
    run: (inputs) => ({ outputs: [linked('conditioning', inputs.conditioning)] }),
  }),
  defineNode({
    name: 'ConditioningSetMask',
    title: 'Conditioning (Set Mask)',
    category: 'conditioning',
    required: {
      conditioning: ['CONDITIONING'],
      mask: ['MASK'],
      strength: ['FLOAT', { default: 1, min: 0, max: 10, step: 0.01 }],
      set_cond_area: [['default', 'mask bounds']],
    },
    output: ['CONDITIONING'],
    run: (inputs) => {
      linked('mask', inputs.mask)
      return { outputs: [linked('conditioning', inputs.conditioning)] }
    },
  }),
]
