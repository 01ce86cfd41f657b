import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withPngText } from '../../protocol/png-text.ts'
import type { NodeContext, NodeResult } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { pngOf } from './frames.ts'
import { metadataOf } from './metadata.ts'
import { numberedName, outputPlace } from './output-place.ts'
import { tempPrefix } from './temp-prefix.ts'
import { linked, textOf, type ImageValue } from './values.ts'

/** What `ui` says of a saved file. */
export interface SavedFile {
  readonly [key: string]: string
  readonly filename: string
  readonly subfolder: string
  readonly type: 'output' | 'temp'
}

/** Saves each frame as a PNG with the graph in its text chunks. `level` is zlib's, 0 to 9. */
export async function savePngs(
  image: ImageValue,
  prefix: string,
  type: 'output' | 'temp',
  level: number,
  context: NodeContext,
): Promise<readonly SavedFile[]> {
  const [{ width, height } = { width: 0, height: 0 }] = image.frames
  const { folder, subfolder, name, counter } = await outputPlace(prefix, context.folders[type], {
    width,
    height,
  })
  const texts = metadataOf(context, image)
  const saved: SavedFile[] = []
  for (const [index, frame] of image.frames.entries()) {
    const filename = numberedName(name.replaceAll('%batch_num%', String(index)), counter + index, '_.png')
    await writeFile(join(folder, filename), withPngText(await pngOf(frame, level), texts))
    saved.push({ filename, subfolder, type })
  }
  return saved
}

async function saveImages(image: ImageValue, prefix: string, context: NodeContext): Promise<NodeResult> {
  return { outputs: [image], ui: { images: await savePngs(image, prefix, 'output', 4, context) } }
}

/** Nodes that save or show images as PNG. */
export const imageSavers: readonly TableEntry[] = [
  defineNode({
    name: 'SaveImage',
    title: 'Save Image',
    category: 'image',
    required: { images: ['IMAGE', {}], filename_prefix: ['STRING', { default: 'ComfyUI' }] },
    takesMetadata: true,
    output: ['IMAGE'],
    outputNames: ['images'],
    outputNode: true,
    essentials: 'Basics',
    run: ({ images, filename_prefix }, context) =>
      saveImages(linked('image', images), textOf(filename_prefix), context),
  }),
  defineNode({
    name: 'PreviewImage',
    title: 'Preview Image',
    category: 'image',
    required: { images: ['IMAGE'] },
    takesMetadata: true,
    output: ['IMAGE'],
    outputNames: ['images'],
    outputNode: true,
    essentials: 'Basics',
    run: async ({ images }, context) => {
      const image = linked('image', images)
      return { outputs: [image], ui: { images: await savePngs(image, tempPrefix(), 'temp', 1, context) } }
    },
  }),
  defineNode({
    name: 'SaveImageWebsocket',
    title: 'Save Image (Websocket)',
    category: 'image',
    module: 'custom_nodes.websocket_image_save',
    required: { images: ['IMAGE'] },
    outputNode: true,
    run: async ({ images }, context) => {
      const { frames } = linked('image', images)
      for (const [index, frame] of frames.entries()) {
        context.sendImage(await pngOf(frame, 4))
        // It counts the images before this one.
        await context.progress(index, frames.length)
      }
      return { outputs: [] }
    },
  }),
]
