import { createHash } from 'node:crypto'
import type { Random } from './dynamic-prompt.ts'

/**
 * Random numbers that follow from some bytes: the same file gives the same choices, so that a run that goes on asks for
 * what it has asked for before.
 */
export function steadyRandom(bytes: Uint8Array): Random {
  const seed = createHash('sha256').update(bytes).digest()
  let drawn = 0
  return () => {
    drawn += 1
    return createHash('sha256').update(seed).update(String(drawn)).digest().readUInt32BE() / 2 ** 32
  }
}
