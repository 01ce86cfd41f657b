import { createHash } from 'node:crypto'
import { ComfyRunError, type Where } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'

/** The largest seed that ComfyUI's samplers take: 2^64 - 1. */
export const largestSeed = 2n ** 64n - 1n

/** A seed to use, or the wish for a drawn one. */
export type SeedChoice = bigint | 'random'

/**
 * Reads a seed: a whole number from 0 to 2^64 - 1; `random` or -1 asks for a drawn one. Throws ComfyRunError
 * `bad-value`.
 */
export function readSeed(value: JsonValue, where?: Where): SeedChoice {
  const text = (typeof value === 'string' ? value : stringOf(value)).trim()
  if (text === '-1' || text.toLowerCase() === 'random') return 'random'
  if (/^\+?\d+$/.test(text)) {
    const seed = BigInt(text.replace('+', ''))
    if (seed <= largestSeed) return seed
  }
  throw badSeed(text, where)
}

/** The seed of copy number `copy` (from 1) when the first copy's is `first`. Throws as `readSeed` does. */
export function seedOfCopy(first: bigint, copy: number, where?: Where): JsonValue {
  const seed = first + BigInt(copy - 1)
  if (seed > largestSeed) throw badSeed(`${seed} (copy ${copy})`, where)
  return plainInteger(seed)
}

/** Draws the seed of a job, from 0 to 2^53 - 1: the same salt and job key give the same seed. */
export function drawSeed(salt: string, jobKey: string): number {
  const digest = createHash('sha256').update(salt).update(jobKey).digest()
  return Number(digest.readBigUInt64BE(0) >> 11n)
}

/** As a number where that is exact, so that it looks in JSON and in code like any other integer. */
function plainInteger(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

function stringOf(value: JsonValue): string {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}

function badSeed(text: string, where?: Where): ComfyRunError {
  return new ComfyRunError(
    'bad-value',
    `"${text}" is no seed: it must be a whole number from 0 to ${largestSeed}`,
    {
      hint: '"random" or -1 draws one',
      ...(where && { where }),
    },
  )
}
