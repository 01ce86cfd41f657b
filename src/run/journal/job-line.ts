import type { KnownJob } from './entries.ts'

/** What of a job's line is of use while a journal is read. */
export interface JobLine {
  readonly key: string
  /** Only of a job that was done by a real server. */
  readonly seconds?: number
}

/** How lines of jobs begin, up to their key. */
const starts = ['submitted', 'done', 'failed'].map((type) => Buffer.from(`{"type":"${type}","key":"`))
const submittedStart = Buffer.from('{"type":"submitted",')
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
  if (!isWhole(bytes, to)) return undefined
  const key = keyAt(bytes, from, to)
  if (key === undefined || bytes[from + typeAt] !== doneMark) return key === undefined ? undefined : { key }
  const tail = bytes.toString('latin1', Math.max(from, to - longestTail), to)
  const at = tail.lastIndexOf('"seconds":')
  if (at < 0 || tail.includes('"rehearsal":true', at)) return { key }
  const seconds = Number.parseFloat(tail.slice(at + '"seconds":'.length))
  return Number.isFinite(seconds) ? { key, seconds } : { key }
}

/** The key in a job's line as we write them. Undefined for any other line, and for a key that is not plain ASCII. */
export function keyAt(bytes: Buffer, from: number, to: number): string | undefined {
  for (const start of starts) {
    if (!holds(bytes, from, start)) continue
    const key = from + start.length
    let end = key
    for (; end < to && bytes[end] !== quote; end++) {
      const byte = bytes[end] ?? backslash
      if (byte === backslash || byte >= 0x80) return undefined
    }
    return end < to ? bytes.toString('latin1', key, end) : undefined
  }
  return undefined
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

/** Whether a line as we write them tells that a prompt was about to be posted. Nothing but its beginning is looked at. */
export function isSubmittedLine(bytes: Buffer, from: number): boolean {
  return holds(bytes, from, submittedStart)
}

function isWhole(bytes: Buffer, to: number): boolean {
  return holds(bytes, to - timeLength, timeStart) && holds(bytes, to - timeEnd.length, timeEnd)
}

function holds(bytes: Buffer, at: number, text: Buffer): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false
  return true
}
