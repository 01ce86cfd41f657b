import type { KnownJob } from './entries.ts'
import { keyHash } from './key-hash.ts'

/** What of a job's line is of use while a journal is read. */
export interface JobLine {
  /** That of its key. */
  readonly hash: number
  /** Only of a job that was done by a real server. */
  readonly seconds?: number
}

/** How lines of jobs begin, up to their key. */
const starts = ['submitted', 'done', 'failed'].map((type) => Buffer.from(`{"type":"${type}","key":"`))
const doneMark = 'd'.charCodeAt(0)
const typeAt = '{"type":"'.length
const quote = '"'.charCodeAt(0)
const backslash = '\\'.charCodeAt(0)

/** Each entry ends with its time, so a line that does is whole. */
const timeStart = Buffer.from('"at":"')
const timeEnd = Buffer.from('Z"}')
const timeLength = '"at":"2026-01-01T00:00:00.000Z"}'.length

/** What follows the names of the files in a line of a job that is done takes no more. */
const longestTail = 512

/**
 * Reads a job's line as we write them, without making an object of it: a million must be read in seconds. Undefined for
 * any other line, and for one that is not whole.
 */
export function readJobLine(bytes: Buffer, from: number, to: number): JobLine | undefined {
  const start = starts.find((each) => holds(bytes, from, each))
  if (!start || !isWhole(bytes, to)) return undefined
  const key = from + start.length
  let end = key
  while (end < to && bytes[end] !== quote) if (bytes[end++] === backslash) return undefined
  const hash = keyHash(bytes.toString('latin1', key, end))
  if (bytes[from + typeAt] !== doneMark) return { hash }
  const tail = bytes.toString('latin1', Math.max(end, to - longestTail), to)
  const at = tail.lastIndexOf('"seconds":')
  if (at < 0 || tail.includes('"rehearsal":true', at)) return { hash }
  const seconds = Number.parseFloat(tail.slice(at + '"seconds":'.length))
  return Number.isFinite(seconds) ? { hash, seconds } : { hash }
}

const doneWithOneFile =
  /^\{"type":"done","key":"([^"\\]*)","name":"([^"\\]*)","files":\[\{"path":"([^"\\]*)","bytes":(\d+),"sha256":"([0-9a-f]*)"\}\],/

/**
 * Reads the line of a job that is done and left one file, as most do, in a fraction of the time that JSON takes. Undefined
 * for any other line.
 */
export function readDoneLine(line: string): KnownJob | undefined {
  const match = doneWithOneFile.exec(line)
  if (!match) return undefined
  const [head, key = '', name = '', path = '', bytes, sha256 = ''] = match
  const files = [{ path, bytes: Number(bytes), sha256 }]
  const isRehearsal = line.includes('"rehearsal":true', head.length)
  return { type: 'done', key, name, files, ...(isRehearsal && { rehearsal: true }) }
}

function isWhole(bytes: Buffer, to: number): boolean {
  return holds(bytes, to - timeLength, timeStart) && holds(bytes, to - timeEnd.length, timeEnd)
}

function holds(bytes: Buffer, at: number, text: Buffer): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false
  return true
}
