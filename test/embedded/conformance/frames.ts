import { decodeFrame } from '../../../src/protocol/frames.ts'
import { isJsonObject, stringifyJson, type JsonObject } from '../../../src/protocol/json.ts'
import { parseMessage } from '../../../src/protocol/messages.ts'
import type { Frame } from './listener.ts'

export function kindOf(frame: Frame): string {
  if (typeof frame !== 'string') return `binary type ${frame.readUInt32BE(0)}`
  return parseMessage(frame)?.type ?? 'text'
}

export function remainingIn(frame: Frame): number | undefined {
  const message = typeof frame === 'string' ? parseMessage(frame) : undefined
  const status = message?.type === 'status' ? message.data.status : undefined
  const info = isJsonObject(status) ? status.exec_info : undefined
  return isJsonObject(info) ? Number(info.queue_remaining) : undefined
}

export function isEndMarker(frame: Frame): boolean {
  const message = typeof frame === 'string' ? parseMessage(frame) : undefined
  return message?.type === 'executing' && message.data.node === null
}

/** Frames sorted by the node they are about; those of one node stay in their order. */
export function byNode(frames: readonly Frame[]): Frame[] {
  return frames
    .map((frame) => ({ frame, node: nodeOf(frame) }))
    .sort((a, b) => (a.node < b.node ? -1 : a.node > b.node ? 1 : 0))
    .map(({ frame }) => onlyLastNode(frame))
}

function nodeOf(frame: Frame): string {
  if (typeof frame !== 'string') {
    const decoded = decodeFrame(frame)
    return decoded?.kind === 'image-with-metadata' ? decoded.node : ''
  }
  const { type, data } = parseMessage(frame) ?? { type: '', data: {} }
  if (type === 'progress_state') return lastNode(frame)
  return typeof data.node === 'string' ? data.node : ''
}

/** The node that a progress_state is about is the one that began last. */
function lastNode(text: string): string {
  return [...text.matchAll(/"node_id": "([^"]*)"/g)].at(-1)?.[1] ?? ''
}

function onlyLastNode(frame: Frame): Frame {
  if (typeof frame !== 'string' || kindOf(frame) !== 'progress_state') return frame
  const last = lastNode(frame)
  const data: JsonObject = parseMessage(frame)?.data ?? {}
  const nodes = isJsonObject(data.nodes) ? data.nodes : {}
  return stringifyJson({ type: 'progress_state', data: { ...data, nodes: { [last]: nodes[last] } } })
}

/** What an image frame says besides its pixels. */
export function imageIn(frame: Frame): JsonObject {
  const decoded = typeof frame === 'string' ? undefined : decodeFrame(frame)
  if (!decoded || decoded.kind === 'text') return {}
  const { image, ...rest } = decoded
  return { ...rest, magic: magicOf(Buffer.from(image)) }
}

export function magicOf(bytes: Buffer): string {
  if (bytes.subarray(0, 4).equals(Buffer.from('\u0089PNG', 'latin1'))) return 'png'
  if (bytes.subarray(0, 3).equals(Buffer.from('\u00ff\u00d8\u00ff', 'latin1'))) return 'jpeg'
  if (bytes.subarray(0, 4).toString('latin1') === 'RIFF') return 'riff'
  if (bytes.subarray(0, 4).toString('latin1') === 'fLaC') return 'flac'
  return 'other'
}
