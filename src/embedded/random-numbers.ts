import { createHash } from 'node:crypto'

/** Numbers from 0 to 1 that follow from a text: each hash gives eight, then is hashed again. */
export function randomNumbers(key: string): () => number {
  let block = createHash('sha256').update(key).digest()
  let at = 0
  return () => {
    if (at === block.length) {
      block = createHash('sha256').update(block).digest()
      at = 0
    }
    const value = block.readUInt32BE(at) / 2 ** 32
    at += 4
    return value
  }
}
