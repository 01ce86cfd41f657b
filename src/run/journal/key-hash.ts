import { createHash } from 'node:crypto'

/** So many hex digits fit a number exactly. */
const digits = 13

/** 52 bits of a job's key, which is a hash already: to find its entry by. A key of another form is hashed first. */
export function keyHash(key: string): number {
  return hexNumber(key) ?? hexNumber(createHash('sha256').update(key).digest('hex')) ?? 0
}

function hexNumber(text: string): number | undefined {
  let number = 0
  for (let at = 0; at < digits; at++) {
    const code = text.charCodeAt(at)
    // NaN beyond the text's end is neither.
    if (code >= 48 && code <= 57) number = number * 16 + code - 48
    else if (code >= 97 && code <= 102) number = number * 16 + code - 87
    else return undefined
  }
  return number
}
