import type { Socket } from './sockets.ts'

/**
 * The socket that a bypassed node passes on to one of its outputs, by the type that is wanted at the far end: the one
 * at the same place if it fits (for `*` whatever it is), else the first of exactly that type, else the first that
 * fits. Undefined if none does.
 */
export function bypassSocket(sockets: readonly Socket[], slot: number, wanted: string): Socket | undefined {
  const opposite = sockets[slot]
  if (wanted === '*') return opposite ?? sockets[0]
  if (opposite && fits(opposite.type, wanted)) return opposite
  return sockets.find(({ type }) => type === wanted) ?? sockets.find(({ type }) => fits(type, wanted))
}

/** Whether two types may be linked. `*` fits all; of several, divided by commas, one must be the same. */
function fits(one: string, other: string): boolean {
  if (one === '*' || other === '*') return true
  const others = new Set(other.toLowerCase().split(','))
  return one
    .toLowerCase()
    .split(',')
    .some((type) => others.has(type))
}
