import type { JsonValue } from '../../protocol/json.ts'
import { NodeError, type EmbeddedNode, type Folders } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { toRgb } from './frames.ts'
import { fileFingerprint, inputFile, inputFiles } from './input-files.ts'
import { channelOf, invertMask } from './mask-frames.ts'
import { readImage } from './read-image.ts'
import { textOf, type Frame, type MaskFrame } from './values.ts'

const validate: EmbeddedNode['validate'] = {
  checks: ['image'],
  run: ({ image }, folders) =>
    inputFile(textOf(image), folders) === undefined ? `Invalid image file: ${textOf(image)}` : undefined,
}

function fingerprint({ image }: Readonly<Record<string, JsonValue>>, folders: Folders): string {
  return fileFingerprint(textOf(image), folders)
}

async function load(image: unknown, folders: Folders): Promise<readonly Frame[]> {
  const path = inputFile(textOf(image), folders)
  if (path !== undefined) return readImage(path)
  throw new NodeError('FileNotFoundError', `[Errno 2] No such file or directory: '${textOf(image)}'`)
}

/** A picture without transparency has a small mask with nothing in it. */
function noMask(): MaskFrame {
  return { width: 64, height: 64, data: Buffer.alloc(64 * 64) }
}

/** What is transparent in a picture is inside of its mask. */
function transparency(frame: Frame): MaskFrame {
  return frame.channels === 4 ? invertMask(channelOf(frame, 3)) : noMask()
}

async function loadWithMask(
  image: unknown,
  folders: Folders,
): Promise<{ readonly outputs: readonly unknown[] }> {
  const frames = await load(image, folders)
  return {
    outputs: [
      { kind: 'image', frames: frames.map(toRgb) },
      { kind: 'mask', frames: frames.map(transparency) },
    ],
  }
}

const channels = ['red', 'green', 'blue']

/** Nodes that read image files. */
export const imageLoaders: readonly TableEntry[] = [
  defineNode({
    name: 'LoadImage',
    title: 'Load Image',
    category: 'image',
    required: (folders) => ({ image: [inputFiles(folders, 'image'), { image_upload: true }] }),
    output: ['IMAGE', 'MASK'],
    essentials: 'Basics',
    validate,
    fingerprint,
    run: ({ image }, { folders }) => loadWithMask(image, folders),
  }),
  defineNode({
    name: 'LoadImageOutput',
    title: 'Load Image (from Outputs)',
    category: 'image',
    required: {
      image: [
        'COMBO',
        {
          image_upload: true,
          image_folder: 'output',
          remote: { route: '/internal/files/output', refresh_button: true, control_after_refresh: 'first' },
        },
      ],
    },
    output: ['IMAGE', 'MASK'],
    experimental: true,
    essentials: 'Basics',
    validate,
    fingerprint,
    run: ({ image }, { folders }) => loadWithMask(image, folders),
  }),
  defineNode({
    name: 'LoadImageMask',
    title: 'Load Image (as Mask)',
    category: 'image',
    required: (folders) => ({
      image: [inputFiles(folders, 'image'), { image_upload: true }],
      channel: [['alpha', 'red', 'green', 'blue']],
    }),
    output: ['MASK'],
    essentials: 'Image Tools',
    validate,
    fingerprint,
    run: async ({ image, channel }, { folders }) => {
      const frames = await load(image, folders)
      const index = channels.indexOf(textOf(channel))
      const masks = frames.map((frame) =>
        index < 0 ? invertMask(channelOf(frame, 3)) : channelOf(frame, index),
      )
      return { outputs: [{ kind: 'mask', frames: masks }] }
    },
  }),
]
