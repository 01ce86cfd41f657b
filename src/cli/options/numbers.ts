import { InvalidArgumentError } from 'commander'
import { parseBytes } from '../../byte-sizes.ts'

/** A whole number of at least 1. */
export function positiveInteger(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('It must be a whole number of at least 1.')
  }
  return value
}

/** A number of seconds above 0; also `90s`, `5m`, `2h`. */
export function seconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text)
  const factor = { '': 1, s: 1, m: 60, h: 3600 }[match?.[2] ?? ''] ?? 1
  const value = Number(match?.[1]) * factor
  if (!(value > 0)) throw new InvalidArgumentError('It must be a time such as 90, 90s, 5m or 2h.')
  return value
}

/** A port number, 0 for any free one. */
export function port(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('It must be a port: 0 to 65535.')
  return value
}

/** Milliseconds, 0 or more. */
export function milliseconds(text: string): number {
  const value = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(text)) throw new InvalidArgumentError('It must be a number of milliseconds.')
  return value
}

/** A number of bytes above 0; also `500K`, `100M`, `4G`. */
export function byteSize(text: string): number {
  const value = parseBytes(text)
  if (value === undefined) throw new InvalidArgumentError('It must be a size such as 500M or 4G.')
  return value
}
