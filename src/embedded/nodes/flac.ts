import { createHash } from 'node:crypto'
import type { AudioValue } from './values.ts'

/** How many samples of each channel a frame holds; the last one may hold fewer. */
const blockSize = 4096

/**
 * Writes a FLAC file (RFC 9639): lossless, silence in a few bytes, everything else uncompressed. `comments` become
 * Vorbis comments, where ComfyUI keeps the graph.
 */
export function flac(audio: AudioValue, comments: Readonly<Record<string, string>>): Buffer {
  const frames: Buffer[] = []
  const step = blockSize * audio.channels
  for (let at = 0; at < audio.samples.length; at += step) {
    frames.push(frame(audio.samples.subarray(at, at + step), audio.channels, frames.length))
  }
  return Buffer.concat([
    Buffer.from('fLaC'),
    block(0, streamInfo(audio), false),
    block(4, vorbisComment(comments), true),
    ...frames,
  ])
}

function block(type: number, data: Buffer, isLast: boolean): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(((isLast ? 0x80 : 0) | type) * 2 ** 24 + data.length)
  return Buffer.concat([head, data])
}

function streamInfo({ sampleRate, channels, samples }: AudioValue): Buffer {
  const info = Buffer.alloc(34)
  info.writeUInt16BE(blockSize, 0)
  info.writeUInt16BE(blockSize, 2)
  // Sizes of frames are left unknown. Then 20 bits of rate, 3 of channels, 5 of bits per sample, 36 of length.
  const length = BigInt(samples.length / channels)
  const packed = (BigInt(sampleRate) << 44n) | (BigInt(channels - 1) << 41n) | (15n << 36n) | length
  info.writeBigUInt64BE(packed, 10)
  createHash('md5').update(littleEndian(samples)).digest().copy(info, 18)
  return info
}

function littleEndian(samples: Int16Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2)
  for (const [index, sample] of samples.entries()) bytes.writeInt16LE(sample, index * 2)
  return bytes
}

function vorbisComment(comments: Readonly<Record<string, string>>): Buffer {
  const texts = Object.entries(comments).map(([key, text]) => sized(`${key}=${text}`))
  return Buffer.concat([sized('comfy-run'), count(texts.length), ...texts])
}

function sized(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([count(bytes.length), bytes])
}

function count(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function frame(samples: Int16Array, channels: number, index: number): Buffer {
  const length = samples.length / channels
  const size = Buffer.alloc(2)
  size.writeUInt16BE(length - 1)
  const head = Buffer.concat([
    // Sync code; size in two bytes at the end of the header, rate as in the stream; channels, 16 bits.
    Buffer.from([0xff, 0xf8, 0x70, ((channels - 1) << 4) | 0x08]),
    numberCode(index),
    size,
  ])
  const parts: Buffer[] = [head, Buffer.from([checksum(head, 8, 0x07)])]
  for (let channel = 0; channel < channels; channel += 1) {
    parts.push(subframe(samples.filter((_, at) => at % channels === channel)))
  }
  const body = Buffer.concat(parts)
  const sum = Buffer.alloc(2)
  sum.writeUInt16BE(checksum(body, 16, 0x8005))
  return Buffer.concat([body, sum])
}

/** One value if all samples are the same, else each as it is. */
function subframe(samples: Int16Array): Buffer {
  const [first = 0] = samples
  const isConstant = samples.every((sample) => sample === first)
  const values = isConstant ? Int16Array.of(first) : samples
  const bytes = Buffer.alloc(1 + values.length * 2)
  bytes.writeUInt8(isConstant ? 0x00 : 0x02, 0)
  for (const [index, sample] of values.entries()) bytes.writeInt16BE(sample, 1 + index * 2)
  return bytes
}

/** A number coded as UTF-8 codes characters, also beyond the last character. */
function numberCode(value: number): Buffer {
  if (value < 0x80) return Buffer.from([value])
  const tail: number[] = []
  let rest = value
  // The first byte has room for fewer bits the more bytes follow.
  while (rest >= 2 ** (6 - tail.length)) {
    tail.unshift(0x80 | (rest & 0x3f))
    rest >>>= 6
  }
  const mark = (0xff << (7 - tail.length)) & 0xff
  return Buffer.from([mark | rest, ...tail])
}

/** A cyclic checksum, highest bit first, that begins with 0. */
function checksum(bytes: Buffer, bits: 8 | 16, polynomial: number): number {
  const top = 1 << (bits - 1)
  const mask = 2 ** bits - 1
  let value = 0
  for (const byte of bytes) {
    value ^= byte << (bits - 8)
    for (let bit = 0; bit < 8; bit += 1) value = value & top ? ((value << 1) ^ polynomial) & mask : value << 1
  }
  return value & mask
}
