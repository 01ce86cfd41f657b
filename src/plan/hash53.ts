import { hash } from 'node:crypto'

/** The first 53 bits of a text's SHA-256: as many as a number holds exactly. */
export function hash53(text: string): number {
  const digest = hash('sha256', text, 'hex')
  const high = Number.parseInt(digest.slice(0, 8), 16)
  const low = Number.parseInt(digest.slice(8, 14), 16) >>> 3
  return high * 2 ** 21 + low
}
