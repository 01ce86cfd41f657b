import type { AudioValue } from './values.ts'

const pcm = 1

/** Reads a WAV file with 16-bit samples of one or two channels; undefined for anything else. */
export function readWav(bytes: Buffer): AudioValue | undefined {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE')
    return undefined
  let format: Buffer | undefined
  for (let at = 12; at + 8 <= bytes.length;) {
    const type = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const data = bytes.subarray(at + 8, at + 8 + length)
    if (type === 'fmt ' && data.length >= 16) format = data
    if (type === 'data' && format) return readSamples(format, data)
    // Chunks begin at even positions.
    at += 8 + length + (length % 2)
  }
  return undefined
}

function readSamples(format: Buffer, data: Buffer): AudioValue | undefined {
  const channels = format.readUInt16LE(2)
  const is16Bit = format.readUInt16LE(0) === pcm && format.readUInt16LE(14) === 16
  if (!is16Bit || channels < 1 || channels > 2) return undefined
  const count = Math.floor(data.length / 2 / channels) * channels
  const samples = Int16Array.from({ length: count }, (_, index) => data.readInt16LE(index * 2))
  return { kind: 'audio', sampleRate: format.readUInt32LE(4), channels, samples }
}
