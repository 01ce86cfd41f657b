import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * The young generation's two halves together, in bytes, at which it stops growing. V8 would let it grow to 32 MB. A quarter
 * of this costs a third more time, half of it a little; more than this gains none.
 */
const youngSpace = 8 * 2 ** 20
/** What is made to be kept for it to grow: no more than this, should another V8 count otherwise. */
const mostPieces = 256
const pieceItems = 8 * 1024

/**
 * Settings of V8 that hold for what this process does from here on. Flags on the command line would need a second process,
 * and `--max-semi-space-size` is read only at the start.
 */
const flags = [
  // Else what is short-lived, but was not once, is put where what stays is: 30 MB of garbage in the walk over a long plan.
  '--no-allocation-site-pretenuring',
  // What stays may grow by so much before it is cleared; else by up to four times.
  '--heap-growing-percent=30',
  // The parser of HTTP is WebAssembly: Node 20 takes 30 MB to make it quicker than it needs to be.
  '--liftoff-only',
]

/** The last major version of Node that is known to have them all: V8 complains on stderr of one that it does not know. */
const lastKnown = 26

let isDone = false

/**
 * Keeps V8's heap near what is in use: by default it takes what it can get before it clears away. For commands that walk
 * plans: a million rows leave behind as much garbage as one is ready to wait for.
 */
export function keepHeapSmall(): void {
  if (isDone || Number.parseInt(process.versions.node, 10) > lastKnown) return
  isDone = true
  for (const flag of flags) setFlagsFromString(flag)
  growYoungSpace()
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Makes what survives until the young generation, which starts with half of that, has grown as far as it is to. */
function growYoungSpace(): void {
  const kept: number[][] = []
  while (sizeOfYoungSpace() < youngSpace && kept.length < mostPieces)
    kept.push(Array.from({ length: pieceItems }, () => 0))
}

function sizeOfYoungSpace(): number {
  return (
    getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? youngSpace
  )
}
