import { NodeError, type NodeResult } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { checkMemory } from './frames.ts'
import { channelOf, invertMask, maskPicture } from './mask-frames.ts'
import {
  combineMasks,
  cropMask,
  featherMask,
  mapMask,
  spreadMask,
  type Area,
  type Margins,
} from './mask-work.ts'
import { savePngs } from './save-image.ts'
import { tempPrefix } from './temp-prefix.ts'
import { linked, numberOf, textOf, type ImageValue, type MaskFrame, type MaskValue } from './values.ts'

function pictureOf(mask: MaskValue): ImageValue {
  return { kind: 'image', frames: mask.frames.map(maskPicture) }
}

function changed(value: unknown, change: (frame: MaskFrame, index: number) => MaskFrame): NodeResult {
  return { outputs: [{ kind: 'mask', frames: linked('mask', value).frames.map(change) }] }
}

type Inputs = Readonly<Record<string, unknown>>

function areaOf({ x, y, width, height }: Inputs): Area {
  return { left: numberOf(x), top: numberOf(y), width: numberOf(width), height: numberOf(height) }
}

function marginsOf({ left, top, right, bottom }: Inputs): Margins {
  return { left: numberOf(left), top: numberOf(top), right: numberOf(right), bottom: numberOf(bottom) }
}

const channels = ['red', 'green', 'blue', 'alpha']

/** Nodes that work on masks. */
export const masks: readonly TableEntry[] = [
  defineNode({
    name: 'InvertMask',
    title: 'Invert Mask',
    category: 'image/mask',
    module: 'comfy_extras.nodes_mask',
    v3: true,
    required: { mask: ['MASK', {}] },
    output: ['MASK'],
    run: ({ mask }) => ({ outputs: [{ kind: 'mask', frames: linked('mask', mask).frames.map(invertMask) }] }),
  }),
  defineNode({
    name: 'MaskToImage',
    title: 'Convert Mask to Image',
    category: 'image/mask',
    module: 'comfy_extras.nodes_mask',
    v3: true,
    required: { mask: ['MASK', {}] },
    output: ['IMAGE'],
    run: ({ mask }) => ({ outputs: [pictureOf(linked('mask', mask))] }),
  }),
  defineNode({
    name: 'ImageToMask',
    title: 'Convert Image to Mask',
    category: 'image/mask',
    module: 'comfy_extras.nodes_mask',
    v3: true,
    required: {
      image: ['IMAGE', {}],
      channel: ['COMBO', { multiselect: false, options: ['red', 'green', 'blue', 'alpha'] }],
    },
    output: ['MASK'],
    run: ({ image, channel }) => {
      const index = channels.indexOf(textOf(channel))
      const { frames: pictures } = linked('image', image)
      if (pictures.some((picture) => index >= picture.channels)) {
        throw new NodeError('IndexError', `index ${index} is out of bounds for dimension 3 with size 3`)
      }
      const frames = pictures.map((picture) => channelOf(picture, index))
      return { outputs: [{ kind: 'mask', frames }] }
    },
  }),
  defineNode({
    name: 'MaskPreview',
    title: 'Preview Mask',
    category: 'image/mask',
    module: 'comfy_extras.nodes_mask',
    v3: true,
    required: { mask: ['MASK', {}] },
    takesMetadata: true,
    output: ['MASK'],
    outputNames: ['mask'],
    outputNode: true,
    run: async (inputs, context) => {
      const mask = linked('mask', inputs.mask)
      const saved = await savePngs(pictureOf(mask), tempPrefix(), 'temp', 4, context)
      return { outputs: [mask], ui: { images: saved, animated: [false] } }
    },
  }),
  defineNode({
    name: 'SolidMask',
    title: 'SolidMask',
    category: 'mask',
    module: 'comfy_extras.nodes_mask',
    required: {
      value: ['FLOAT', { default: 1, min: 0, max: 1, step: 0.01 }],
      width: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
      height: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
    },
    output: ['MASK'],
    run: (inputs) => {
      const [width, height] = [numberOf(inputs.width), numberOf(inputs.height)]
      checkMemory(width, height, 1)
      const data = Buffer.alloc(width * height, Math.trunc(numberOf(inputs.value) * 255))
      return { outputs: [{ kind: 'mask', frames: [{ width, height, data }] }] }
    },
  }),
  defineNode({
    name: 'GrowMask',
    title: 'GrowMask',
    category: 'mask',
    module: 'comfy_extras.nodes_mask',
    required: {
      mask: ['MASK'],
      expand: ['INT', { default: 0, min: -16384, max: 16384, step: 1 }],
      tapered_corners: ['BOOLEAN', { default: true }],
    },
    output: ['MASK'],
    run: (inputs) =>
      changed(inputs.mask, (frame) =>
        spreadMask(frame, numberOf(inputs.expand), inputs.tapered_corners === true),
      ),
  }),
  defineNode({
    name: 'ThresholdMask',
    title: 'ThresholdMask',
    category: 'mask',
    module: 'comfy_extras.nodes_mask',
    required: { mask: ['MASK'], value: ['FLOAT', { default: 0.5, min: 0, max: 1, step: 0.01 }] },
    output: ['MASK'],
    run: (inputs) =>
      changed(inputs.mask, (frame) =>
        mapMask(frame, (value) => (value / 255 > numberOf(inputs.value) ? 255 : 0)),
      ),
  }),
  defineNode({
    name: 'CropMask',
    title: 'CropMask',
    category: 'mask',
    module: 'comfy_extras.nodes_mask',
    required: {
      mask: ['MASK'],
      x: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      y: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      width: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
      height: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
    },
    output: ['MASK'],
    run: (inputs) => changed(inputs.mask, (frame) => cropMask(frame, areaOf(inputs))),
  }),
  defineNode({
    name: 'FeatherMask',
    title: 'FeatherMask',
    category: 'mask',
    module: 'comfy_extras.nodes_mask',
    required: {
      mask: ['MASK'],
      left: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      top: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      right: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      bottom: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
    },
    output: ['MASK'],
    run: (inputs) => changed(inputs.mask, (frame) => featherMask(frame, marginsOf(inputs))),
  }),
  defineNode({
    name: 'MaskComposite',
    title: 'MaskComposite',
    category: 'mask',
    module: 'comfy_extras.nodes_mask',
    required: {
      destination: ['MASK'],
      source: ['MASK'],
      x: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      y: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      operation: [['multiply', 'add', 'subtract', 'and', 'or', 'xor']],
    },
    output: ['MASK'],
    run: (inputs) => {
      const { frames: over } = linked('mask', inputs.source)
      const [left, top, operation] = [numberOf(inputs.x), numberOf(inputs.y), textOf(inputs.operation)]
      return changed(inputs.destination, (frame, index) =>
        combineMasks(frame, over[index % over.length] ?? frame, left, top, operation),
      )
    },
  }),
]
