import { ComfyRunError, type Where } from '../errors.ts'
import { isJsonArray, type JsonValue } from '../protocol/json.ts'
import { bits53, Hash128, type Lanes } from './hash128.ts'

/** The largest seed that ComfyUI's samplers take: 2^64 - 1. */
export const largestSeed = 2n ** 64n - 1n

/** So many seeds a list may have: more are a slip of the keyboard. */
export const mostListedSeeds = 1_000_000

/** Seeds that were given: a job for each. Later copies go on after the largest of them. */
export interface SeedList {
  readonly kind: 'list'
  /** First and last of each range, in the order in which they were given; a single seed is a range of one. */
  readonly ranges: readonly (readonly [first: bigint, last: bigint])[]
  /** How many seeds there are, from 1 to `mostListedSeeds`. */
  readonly size: number
}

/** A seed that grows by one from job to job, over the whole plan. */
export interface SeedIncrement {
  readonly kind: 'increment'
  /** The seed of the first job. */
  readonly start: bigint
}

/** Which seeds a row's jobs get. */
export type SeedChoice = 'random' | SeedList | SeedIncrement

/**
 * Reads what may stand in `--seed` or a `seed` column: a seed `7`, seeds `1,2,3`, a range `1-10`, both mixed, a list of
 * these, `increment:100`; `random` or -1 asks for drawn ones. Seeds are whole numbers from 0 to 2^64 - 1. Throws
 * ComfyRunError `bad-value`.
 */
export function readSeeds(value: JsonValue, where?: Where): SeedChoice {
  const parts = isJsonArray(value) ? value.map(stringOf) : stringOf(value).split(',')
  const texts = parts.map((part) => part.trim())
  const [first = ''] = texts
  if (texts.length === 1) {
    if (first === '-1' || first.toLowerCase() === 'random') return 'random'
    const increment = /^increment:\s*(.*)$/i.exec(first)
    if (increment) return { kind: 'increment', start: readSeed(increment[1] ?? '', where) }
  }
  const ranges = texts.map((text) => readRange(text, where))
  const size = ranges.reduce((sum, [from, to]) => sum + (to - from + 1n), 0n)
  if (size > BigInt(mostListedSeeds)) {
    throw new ComfyRunError('bad-value', `a list may have ${mostListedSeeds} seeds, not ${size}`, {
      hint: `"increment:${first.replace(/-.*/, '')}" counts up from job to job`,
      ...(where && { where }),
    })
  }
  if (size > 0n) return { kind: 'list', ranges, size: Number(size) }
  throw badSeed('', where)
}

/**
 * The seed at `index` (from 0) of a list, in copy number `copy` (from 1): each copy goes on after the largest of the
 * copy before, so that all are different. Throws as `readSeeds` does if it gets too large.
 */
export function listedSeed({ ranges }: SeedList, index: number, copy: number, where?: Where): JsonValue {
  let offset = BigInt(index)
  let seed = 0n
  for (const [from, to] of ranges) {
    seed = from + offset
    if (seed <= to) break
    offset -= to - from + 1n
  }
  if (copy > 1) seed += BigInt(copy - 1) * span(ranges)
  return checkedSeed(seed, copy > 1 ? ` (copy ${copy})` : '', where)
}

function span(ranges: SeedList['ranges']): bigint {
  let [[smallest, largest] = [0n, 0n]] = ranges
  for (const [from, to] of ranges) {
    if (from < smallest) smallest = from
    if (to > largest) largest = to
  }
  return largest - smallest + 1n
}

/** The seeds of a plan that grow by one from job to job. */
export class SeedCounters {
  readonly #next = new Map<bigint, bigint>()

  /** The next seed that counts on from `start`. Throws as `readSeeds` does if it gets too large. */
  take({ start }: SeedIncrement, where?: Where): JsonValue {
    const seed = this.#next.get(start) ?? start
    this.#next.set(start, seed + 1n)
    return checkedSeed(seed, ` (counted on from ${start})`, where)
  }
}

const scratch = new Hash128()

/** Draws the seeds of jobs, from 0 to 2^53 - 1: the same salt and job key give the same seed. */
export class SeedDraw {
  readonly #salt: Readonly<Lanes>

  constructor(salt: string) {
    this.#salt = new Hash128().add(salt).finish()
  }

  of({ a, b, c, d }: Readonly<Lanes>): number {
    const salt = this.#salt
    return bits53(scratch.restart({ a: a ^ salt.a, b: b ^ salt.b, c: c ^ salt.c, d: d ^ salt.d }).finish())
  }
}

function readRange(text: string, where?: Where): readonly [bigint, bigint] {
  const match = /^(\d+)\s*-\s*(\d+)$/.exec(text)
  if (!match) {
    const seed = readSeed(text, where)
    return [seed, seed]
  }
  const [from, to] = [readSeed(match[1] ?? '', where), readSeed(match[2] ?? '', where)]
  if (from <= to) return [from, to]
  throw new ComfyRunError('bad-value', `"${text}" is no range of seeds: it goes down`, {
    hint: `write ${to}-${from}`,
    ...(where && { where }),
  })
}

function readSeed(text: string, where?: Where): bigint {
  if (/^\+?\d+$/.test(text)) {
    const seed = BigInt(text.replace('+', ''))
    if (seed <= largestSeed) return seed
  }
  throw badSeed(text, where)
}

/** As a number where that is exact, so that it looks in JSON and in code like any other integer. */
function checkedSeed(seed: bigint, remark: string, where?: Where): JsonValue {
  if (seed > largestSeed) throw badSeed(`${seed}${remark}`, where)
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed
}

function stringOf(value: JsonValue): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}

function badSeed(text: string, where?: Where): ComfyRunError {
  return new ComfyRunError(
    'bad-value',
    `"${text}" is no seed: it must be a whole number from 0 to ${largestSeed}`,
    {
      hint: 'seeds can be 7, 1,2,3, 1-10, increment:100, or random (or -1) for drawn ones',
      ...(where && { where }),
    },
  )
}
