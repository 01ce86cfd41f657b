import { copyFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { NodeError, type EmbeddedNode, type NodeContext } from '../node.ts'
import { webpChunks } from '../../protocol/webp-chunks.ts'
import { PythonFloat } from '../python-json.ts'
import { defineNode, type TableEntry } from './define.ts'
import { sharpOf } from './frames.ts'
import { fileFingerprint, inputFile, inputFiles } from './input-files.ts'
import { matroska, type Film } from './matroska.ts'
import { metadataOf } from './metadata.ts'
import { mp4 } from './mp4.ts'
import { numberedName, outputPlace, type OutputPlace } from './output-place.ts'
import type { SavedFile } from './save-image.ts'
import { isOfKind, linked, numberOf, textOf, type Frame, type ImageValue } from './values.ts'
import { oldVideoCodec, videoFormat } from './video-options.ts'

async function filmOf(
  image: ImageValue,
  fps: number,
  encode: (frame: Frame) => Promise<Buffer>,
): Promise<Film> {
  const [{ width, height } = { width: 1, height: 1 }] = image.frames
  const pictures: Buffer[] = []
  for (const frame of image.frames) pictures.push(await encode(frame))
  return { width, height, fps, pictures }
}

function jpeg(frame: Frame): Promise<Buffer> {
  return sharpOf(frame).jpeg({ quality: 90 }).toBuffer()
}

/** A lossy WebP holds one key frame of VP8: what a WebM film consists of here. */
async function vp8(frame: Frame): Promise<Buffer> {
  const webp = await sharpOf(frame).removeAlpha().webp({ quality: 85 }).toBuffer()
  for (const { type, data } of webpChunks(webp)) if (type === 'VP8 ') return data
  throw new NodeError('RuntimeError', 'the embedded server cannot make a film of these images')
}

/**
 * Films are silent and made of single pictures: Motion JPEG in MP4 and Matroska, VP8 in WebM, whatever codec is
 * asked for.
 */
async function encode(image: ImageValue, fps: number, format: string, context: NodeContext): Promise<Buffer> {
  if (format === 'mp4') return mp4(await filmOf(image, fps, jpeg))
  const texts = metadataOf(context, image)
  if (format === 'webm') {
    return matroska(await filmOf(image, fps, vp8), { docType: 'webm', codec: 'V_VP8' }, texts)
  }
  return matroska(await filmOf(image, fps, jpeg), { docType: 'matroska', codec: 'V_MJPEG' }, texts)
}

function sizeOf(image: ImageValue | undefined): { readonly width: number; readonly height: number } {
  const [{ width, height } = { width: 0, height: 0 }] = image?.frames ?? []
  return { width, height }
}

function savedFile({ name, counter, subfolder }: OutputPlace, format: string): SavedFile {
  return { filename: numberedName(name, counter, `_.${format}`), subfolder, type: 'output' }
}

const validate: EmbeddedNode['validate'] = {
  checks: ['file'],
  run: ({ file }, folders) =>
    inputFile(textOf(file), folders) === undefined ? `Invalid video file: ${textOf(file)}` : undefined,
}

/** Nodes for films. */
export const videos: readonly TableEntry[] = [
  defineNode({
    name: 'CreateVideo',
    title: 'Create Video',
    category: 'video',
    module: 'comfy_extras.nodes_video',
    v3: true,
    required: { images: ['IMAGE', {}], fps: ['FLOAT', { default: 30, min: 1, max: 120, step: 1 }] },
    optional: {
      audio: ['AUDIO', {}],
      bit_depth: ['INT', { default: 8, min: 8, max: 10, step: 2, display: 'number' }],
    },
    output: ['VIDEO'],
    essentials: 'Video Tools',
    run: ({ images, fps, audio }) => {
      const sound = isOfKind(audio, 'audio') && { audio }
      return { outputs: [{ kind: 'video', images: linked('image', images), fps: numberOf(fps), ...sound }] }
    },
  }),
  defineNode({
    name: 'GetVideoComponents',
    title: 'Get Video Components',
    category: 'image/video',
    module: 'comfy_extras.nodes_video',
    v3: true,
    required: { video: ['VIDEO', {}] },
    output: ['IMAGE', 'AUDIO', 'FLOAT'],
    outputNames: ['images', 'audio', 'fps'],
    run: (inputs) => {
      const { images, audio, fps } = linked('video', inputs.video)
      if (images) return { outputs: [images, audio ?? null, new PythonFloat(fps)] }
      throw new NodeError('RuntimeError', 'the embedded server cannot take a film file apart')
    },
  }),
  defineNode({
    name: 'LoadVideo',
    title: 'Load Video',
    category: 'video',
    module: 'comfy_extras.nodes_video',
    v3: true,
    required: (folders) => ({
      file: ['COMBO', { multiselect: false, options: inputFiles(folders, 'video'), video_upload: true }],
    }),
    output: ['VIDEO'],
    essentials: 'Basics',
    validate,
    fingerprint: ({ file }, folders) => fileFingerprint(textOf(file), folders),
    run: ({ file }, { folders }) => {
      const path = inputFile(textOf(file), folders)
      if (path !== undefined) return { outputs: [{ kind: 'video', file: path, fps: 0 }] }
      throw new NodeError('FileNotFoundError', `[Errno 2] No such file or directory: '${textOf(file)}'`)
    },
  }),
  defineNode({
    name: 'SaveVideo',
    title: 'Save Video',
    category: 'video',
    module: 'comfy_extras.nodes_video',
    v3: true,
    required: {
      video: ['VIDEO', {}],
      filename_prefix: ['STRING', { default: 'video/ComfyUI', multiline: false }],
      format: videoFormat,
    },
    optional: { codec: oldVideoCodec },
    takesMetadata: true,
    output: ['VIDEO'],
    outputNames: ['video'],
    outputNode: true,
    essentials: 'Basics',
    run: async (inputs, context) => {
      const video = linked('video', inputs.video)
      const wanted = textOf(inputs.format)
      const known = video.file === undefined ? 'mp4' : extname(video.file).slice(1).toLowerCase()
      const format = wanted === 'auto' ? known : wanted
      const { output } = context.folders
      const place = await outputPlace(textOf(inputs.filename_prefix), output, sizeOf(video.images))
      const saved = savedFile(place, format)
      const path = join(place.folder, saved.filename)
      if (video.images) await writeFile(path, await encode(video.images, video.fps, format, context))
      else if (video.file !== undefined && format === known) await copyFile(video.file, path)
      else {
        const message = `the embedded server cannot make ${format} from ${known}: it only copies films`
        throw new NodeError('RuntimeError', message)
      }
      return { outputs: [video], ui: { images: [saved], animated: [true] } }
    },
  }),
  defineNode({
    name: 'SaveWEBM',
    title: 'Save WEBM',
    category: 'video',
    module: 'comfy_extras.nodes_video',
    v3: true,
    required: {
      images: ['IMAGE', {}],
      filename_prefix: ['STRING', { default: 'ComfyUI', multiline: false }],
      codec: ['COMBO', { multiselect: false, options: ['vp9', 'av1'] }],
      fps: ['FLOAT', { default: 24, min: 0.01, max: 1000, step: 0.01 }],
      crf: ['FLOAT', { default: 32, min: 0, max: 63, step: 1 }],
    },
    takesMetadata: true,
    output: ['IMAGE'],
    outputNames: ['images'],
    outputNode: true,
    experimental: true,
    run: async (inputs, context) => {
      const image = linked('image', inputs.images)
      const { output } = context.folders
      const place = await outputPlace(textOf(inputs.filename_prefix), output, sizeOf(image))
      const saved = savedFile(place, 'webm')
      const film = await encode(image, numberOf(inputs.fps), 'webm', context)
      await writeFile(join(place.folder, saved.filename), film)
      return { outputs: [image], ui: { images: [saved], animated: [true] } }
    },
  }),
]
