import { NodeError } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { channelOf, invertMask, maskPicture } from './mask-frames.ts'
import { savePngs } from './save-image.ts'
import { tempPrefix } from './temp-prefix.ts'
import { linked, textOf, type ImageValue, type MaskValue } from './values.ts'

function pictureOf(mask: MaskValue): ImageValue {
  return { kind: 'image', frames: mask.frames.map(maskPicture) }
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
]
