import type { JsonValue } from '../../protocol/json.ts'
import { NodeError } from '../node.ts'
import { PythonFloat } from '../python-json.ts'
import { pythonType } from '../python-text.ts'

/** One picture: rows of pixels from the top, three (RGB) or four (RGBA) bytes each. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly data: Buffer
}

/** An IMAGE: a batch of pictures of one size. */
export interface ImageValue {
  readonly kind: 'image'
  readonly frames: readonly Frame[]
  /** Set if a rehearsed model had a part in it: what a saved file says about that. */
  readonly rehearsal?: string
}

/** One picture of a mask: a byte for each pixel, 255 is inside. */
export interface MaskFrame {
  readonly width: number
  readonly height: number
  readonly data: Buffer
}

/** A MASK: a batch of one-channel pictures of one size. */
export interface MaskValue {
  readonly kind: 'mask'
  readonly frames: readonly MaskFrame[]
}

/** The settings of one rehearsed sampling, all that its picture depends on. */
export interface Sampling {
  readonly model: string
  readonly prompt: string
  readonly negative: string
  readonly seed: bigint
  readonly steps: number
  readonly cfg: number
  readonly sampler: string
  readonly scheduler: string
  /** How much of what was there before is replaced, 0 to 1. */
  readonly denoise: number
}

/** One picture of a latent: what it was encoded from, and what samplers did since, oldest first. */
export interface LatentItem {
  /** Its place in the batch that its noise is made for. */
  readonly batchIndex: number
  readonly source?: Frame
  readonly mask?: MaskFrame
  readonly samplings: readonly Sampling[]
}

/** A LATENT: no numbers of a real one, but what would have made them. */
export interface LatentValue {
  readonly kind: 'latent'
  /** In pixels, multiples of 8. */
  readonly width: number
  readonly height: number
  /** 4 for Stable Diffusion 1, 2 and XL, 16 for SD3 and Flux. */
  readonly channels: number
  readonly items: readonly LatentItem[]
}

/** A MODEL: the file's name, with the LoRAs and patches put on it. */
export interface ModelValue {
  readonly kind: 'model'
  readonly name: string
  readonly latentChannels: number
}

/** A CLIP: the name of its file. */
export interface ClipValue {
  readonly kind: 'clip'
  readonly name: string
}

/** A VAE, and how many channels it decodes. */
export interface VaeValue {
  readonly kind: 'vae'
  readonly name: string
  readonly latentChannels: number
}

/** CONDITIONING: the text that made it, with the names of what was put onto it. */
export interface ConditioningValue {
  readonly kind: 'conditioning'
  readonly text: string
}

/** CONTROL_NET: the name of its file. */
export interface ControlNetValue {
  readonly kind: 'control-net'
  readonly name: string
}

/** UPSCALE_MODEL: the name of its file. */
export interface UpscaleModelValue {
  readonly kind: 'upscale-model'
  readonly name: string
}

/** CLIP_VISION: the name of its file. */
export interface ClipVisionValue {
  readonly kind: 'clip-vision'
  readonly name: string
}

/** CLIP_VISION_OUTPUT: the name of the model that looked. */
export interface ClipVisionOutputValue {
  readonly kind: 'clip-vision-output'
  readonly name: string
}

/** STYLE_MODEL: the name of its file. */
export interface StyleModelValue {
  readonly kind: 'style-model'
  readonly name: string
}

/** NOISE. */
export interface NoiseValue {
  readonly kind: 'noise'
  readonly seed: bigint
}

/** SAMPLER. */
export interface SamplerValue {
  readonly kind: 'sampler'
  readonly name: string
}

/** SIGMAS: how many steps, and how far from pure noise they begin. */
export interface SigmasValue {
  readonly kind: 'sigmas'
  readonly scheduler: string
  readonly steps: number
  readonly denoise: number
}

/** GUIDER. */
export interface GuiderValue {
  readonly kind: 'guider'
  readonly model: ModelValue
  readonly positive: ConditioningValue
  readonly negative: ConditioningValue
  readonly cfg: number
}

/** AUDIO: interleaved 16-bit samples. */
export interface AudioValue {
  readonly kind: 'audio'
  readonly sampleRate: number
  readonly channels: number
  readonly samples: Int16Array
}

/** VIDEO: pictures and their rate per second, or a file that is only passed on. */
export interface VideoValue {
  readonly kind: 'video'
  readonly images?: ImageValue
  readonly audio?: AudioValue
  readonly file?: string
  readonly fps: number
}

/** Everything that goes along links, besides numbers, texts and booleans. */
export type NodeValue =
  | ImageValue
  | MaskValue
  | LatentValue
  | ModelValue
  | ClipValue
  | VaeValue
  | ConditioningValue
  | ControlNetValue
  | UpscaleModelValue
  | ClipVisionValue
  | ClipVisionOutputValue
  | StyleModelValue
  | NoiseValue
  | SamplerValue
  | SigmasValue
  | GuiderValue
  | AudioValue
  | VideoValue

type Kind = NodeValue['kind']

/** What Python would look for first in a value of each kind; names the fault if a text came instead. */
const firstAttribute: Partial<Record<Kind, string>> = {
  image: 'shape',
  mask: 'shape',
  model: 'get_model_object',
  clip: 'tokenize',
  vae: 'decode',
}

/**
 * The value of a link. ComfyUI lets null and texts through where a link belongs and fails while running; so do we.
 * Throws `NodeError` with Python's names for the fault.
 */
export function linked<K extends Kind>(kind: K, value: unknown): Extract<NodeValue, { kind: K }> {
  if (isOfKind(value, kind)) return value
  const type = value === undefined ? 'NoneType' : pythonType(value as JsonValue)
  const attribute = firstAttribute[kind]
  if (type === 'str' && attribute === undefined) {
    throw new NodeError('TypeError', "string indices must be integers, not 'str'")
  }
  if (attribute !== undefined && (type === 'str' || type === 'list' || type === 'dict')) {
    throw new NodeError('AttributeError', `'${type}' object has no attribute '${attribute}'`)
  }
  throw new NodeError('TypeError', `'${type}' object is not subscriptable`)
}

/** Whether a value is of a kind; for inputs that may be left out, or take anything. */
export function isOfKind<K extends Kind>(value: unknown, kind: K): value is Extract<NodeValue, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}

/** An INT or FLOAT. Integers beyond 2^53 lose digits: seeds are read with `seedOf`. */
export function numberOf(value: unknown): number {
  return value instanceof PythonFloat ? value.value : Number(value)
}

/** A 64-bit seed, exact. */
export function seedOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  const seed = numberOf(value)
  return Number.isFinite(seed) ? BigInt(Math.trunc(seed)) : 0n
}

/** A STRING or the choice of a COMBO. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
