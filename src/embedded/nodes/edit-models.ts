import type { NodeResult } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { sizeOf } from './image-values.ts'
import { scaleImage } from './scale.ts'
import { linked, textOf, type ConditioningValue } from './values.ts'

function encoded({ clip, prompt }: Readonly<Record<string, unknown>>): NodeResult {
  linked('clip', clip)
  const value: ConditioningValue = { kind: 'conditioning', text: textOf(prompt) }
  return { outputs: [value] }
}

/** The shorter and longer sides that Flux Kontext was trained with, besides the square of 1024. */
const kontextSides = [
  [672, 1568],
  [688, 1504],
  [720, 1456],
  [752, 1392],
  [800, 1328],
  [832, 1248],
  [880, 1184],
  [944, 1104],
] as const

const kontextSizes = [
  ...kontextSides.map(([width, height]) => ({ width, height })),
  { width: 1024, height: 1024 },
  ...kontextSides.map(([height, width]) => ({ width, height })),
]

/** Nodes of the models that change pictures by a prompt. Pictures to look at are without effect on the rehearsal. */
export const editModels: readonly TableEntry[] = [
  defineNode({
    name: 'TextEncodeQwenImageEdit',
    title: null,
    category: 'advanced/conditioning',
    module: 'comfy_extras.nodes_qwen',
    v3: true,
    required: { clip: ['CLIP', {}], prompt: ['STRING', { multiline: true, dynamicPrompts: true }] },
    optional: { vae: ['VAE', {}], image: ['IMAGE', {}] },
    output: ['CONDITIONING'],
    run: encoded,
  }),
  defineNode({
    name: 'TextEncodeQwenImageEditPlus',
    title: null,
    category: 'advanced/conditioning',
    module: 'comfy_extras.nodes_qwen',
    v3: true,
    required: { clip: ['CLIP', {}], prompt: ['STRING', { multiline: true, dynamicPrompts: true }] },
    optional: { vae: ['VAE', {}], image1: ['IMAGE', {}], image2: ['IMAGE', {}], image3: ['IMAGE', {}] },
    output: ['CONDITIONING'],
    run: encoded,
  }),
  defineNode({
    name: 'ReferenceLatent',
    title: null,
    category: 'advanced/conditioning/edit_models',
    module: 'comfy_extras.nodes_edit_model',
    v3: true,
    required: { conditioning: ['CONDITIONING', {}] },
    optional: { latent: ['LATENT', {}] },
    output: ['CONDITIONING'],
    run: (inputs) => ({ outputs: [linked('conditioning', inputs.conditioning)] }),
  }),
  defineNode({
    name: 'FluxKontextImageScale',
    title: null,
    category: 'advanced/conditioning/flux',
    module: 'comfy_extras.nodes_flux',
    v3: true,
    required: { image: ['IMAGE', {}] },
    output: ['IMAGE'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const { width, height } = sizeOf(image)
      const distance = (size: { readonly width: number; readonly height: number }): number =>
        Math.abs(width / height - size.width / size.height)
      const [nearest = { width, height }] = kontextSizes.toSorted((a, b) => distance(a) - distance(b))
      return { outputs: [scaleImage(image, nearest, 'lanczos', true)] }
    },
  }),
]
