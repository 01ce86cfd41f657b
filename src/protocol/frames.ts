import type { NodeId } from './graph.ts'
import { isJsonObject, parseJson, stringifyJson, type JsonObject, type JsonValue } from './json.ts'

/** A binary frame of the WebSocket. All integers on the wire are big-endian and 32 bits wide. */
export type BinaryFrame = ImageFrame | TextFrame | ImageWithMetadataFrame

/** Type 1: a latent preview (JPEG), or an image of SaveImageWebsocket (PNG). It does not say whose it is. */
export interface ImageFrame {
  readonly kind: 'image'
  readonly format: ImageFormat
  readonly image: Uint8Array
}

/** Type 3: progress in words, sent by API nodes to every socket. */
export interface TextFrame {
  readonly kind: 'text'
  readonly node: NodeId
  readonly text: string
}

/** Type 4: as type 1, for sockets that announced `supports_preview_metadata`. */
export interface ImageWithMetadataFrame {
  readonly kind: 'image-with-metadata'
  readonly format: ImageFormat
  readonly node: NodeId
  readonly promptId: string
  /** The node of the graph that is shown as running; differs from `node` for nodes made at run time. */
  readonly displayNode: NodeId
  readonly image: Uint8Array
}

export type ImageFormat = 'jpeg' | 'png'

const imageType = 1
const textType = 3
const imageWithMetadataType = 4
const formatCodes = { jpeg: 1, png: 2 } as const

/** Reads a binary frame. Frames that are too short, or of a type unknown to us, give undefined: never an error. */
export function decodeFrame(bytes: Uint8Array): BinaryFrame | undefined {
  if (bytes.length < 8) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const type = view.getUint32(0)
  if (type === imageType) {
    const format = view.getUint32(4) === formatCodes.png ? 'png' : 'jpeg'
    return { kind: 'image', format, image: bytes.subarray(8) }
  }
  // The second number is the length of the part that comes before the payload.
  const headEnd = 8 + view.getUint32(4)
  if (headEnd > bytes.length) return undefined
  const head = utf8(bytes.subarray(8, headEnd))
  const rest = bytes.subarray(headEnd)
  if (type === textType) return { kind: 'text', node: head, text: utf8(rest) }
  if (type === imageWithMetadataType) return withMetadata(head, rest)
  return undefined
}

function withMetadata(head: string, image: Uint8Array): ImageWithMetadataFrame | undefined {
  let metadata: JsonValue
  try {
    metadata = parseJson(head)
  } catch {
    return undefined
  }
  if (!isJsonObject(metadata)) return undefined
  const { node_id, prompt_id, display_node_id, image_type } = metadata
  if (typeof node_id !== 'string' || typeof prompt_id !== 'string') return undefined
  return {
    kind: 'image-with-metadata',
    format: image_type === 'image/png' ? 'png' : 'jpeg',
    node: node_id,
    promptId: prompt_id,
    displayNode: typeof display_node_id === 'string' ? display_node_id : node_id,
    image,
  }
}

/** Makes a type 1 frame. */
export function encodeImage(format: ImageFormat, image: Uint8Array): Buffer {
  return frame(imageType, formatCodes[format], image)
}

/** Makes a type 4 frame; the metadata is sent as given. */
export function encodeImageWithMetadata(metadata: JsonObject, image: Uint8Array): Buffer {
  const head = Buffer.from(stringifyJson(metadata))
  return frame(imageWithMetadataType, head.length, head, image)
}

/** Makes a type 3 frame. */
export function encodeText(node: NodeId, text: string): Buffer {
  const head = Buffer.from(node)
  return frame(textType, head.length, head, Buffer.from(text))
}

function frame(type: number, second: number, ...parts: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(type, 0)
  header.writeUInt32BE(second, 4)
  return Buffer.concat([header, ...parts])
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
