import type { Socket } from './sockets.ts'

/** What of a node matters when it is bypassed. */
interface Bypassed {
  readonly sockets: readonly Socket[]
  /** The types of its outputs. */
  readonly outputs: readonly string[]
}

/**
 * The socket that a bypassed node passes on to one of its outputs, by the type that is wanted at the far end: the one
 * at the same place if it fits that and the output (for `*` whatever it is), else the first of exactly the type that is
 * wanted, else the first that fits both. Undefined if none does.
 */
export function bypassSocket(
  { sockets, outputs }: Bypassed,
  slot: number,
  wanted: string,
): Socket | undefined {
  const opposite = sockets[slot]
  if (wanted === '*') return opposite ?? sockets[0]
  const fitsBoth = ({ type }: Socket): boolean => fits(type, outputs[slot] ?? '*') && fits(type, wanted)
  if (opposite && fitsBoth(opposite)) return opposite
  return sockets.find(({ type }) => type === wanted) ?? sockets.find(fitsBoth)
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
