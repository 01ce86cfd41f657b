/**
 * 53 bits that a text is mixed into, as many as a number holds exactly: for telling texts apart and for drawing from
 * them, where nobody gains by finding two of the same. Several times as quick as a cryptographic hash. The same on every
 * machine.
 */
export function hash53(text: string): number {
  let a = 0x9e3779b9
  let b = 0x85ebca6b ^ text.length
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 0xcc9e2d51)
    a = (a << 15) | (a >>> 17)
    b = Math.imul(b ^ code, 0x1b873593)
    b = (b << 13) | (b >>> 19)
  }
  const high = mixed(a ^ Math.imul(b, 0xc2b2ae35))
  const low = mixed(b ^ Math.imul(high, 0x27d4eb2f))
  return (high >>> 0) * 2 ** 21 + (low >>> 11)
}

/** Lets every bit change about half of the others. */
function mixed(value: number): number {
  let bits = value
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d)
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b)
  return bits ^ (bits >>> 16)
}
