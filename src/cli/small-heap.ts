import { getHeapSpaceStatistics } from 'node:v8'
import { setV8Flags } from './v8-flags.ts'

/**
 * The young generation's two halves together, in bytes, at which it stops growing. V8 would let it grow to 32 MB. A quarter
 * of this costs a third more time, half of it a little; more than this gains none.
 */
const youngSpace = 8 * 2 ** 20
/** What is made to be kept for it to grow: no more than this, should another V8 count otherwise. */
const mostPieces = 256
const pieceItems = 8 * 1024

/** `--max-semi-space-size` is not among them: it is read only at the start. */
const flags = [
  // Else what is short-lived, but was not once, is put where what stays is: 30 MB of garbage in the walk over a long plan.
  '--no-allocation-site-pretenuring',
  // What stays may grow by so much before it is cleared; else by up to four times.
  '--heap-growing-percent=30',
  // And the clearing begins when it has grown by this part of that: else it is at its largest for long.
  '--incremental-marking-hard-trigger=30',
]

let isDone = false

/**
 * Keeps V8's heap near what is in use: by default it takes what it can get before it clears away. For commands that walk
 * long plans: a million rows leave behind as much garbage as one is ready to wait for.
 */
export function keepHeapSmall(): void {
  if (isDone || !setV8Flags(...flags)) return
  isDone = true
  growYoungSpace()
  setV8Flags('--semi-space-growth-factor=1')
}

/** Makes what survives until the young generation, which starts with half of that, has grown as far as it is to. */
function growYoungSpace(): void {
  // Copies: to fill each would take five times as long, in every command that walks a plan.
  const piece = Array.from({ length: pieceItems }, () => 0)
  const kept: number[][] = []
  while (sizeOfYoungSpace() < youngSpace && kept.length < mostPieces) kept.push(piece.slice())
}

function sizeOfYoungSpace(): number {
  return (
    getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? youngSpace
  )
}
