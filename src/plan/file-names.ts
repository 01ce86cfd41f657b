/** Longest part of a path, in bytes of UTF-8. File systems take 255; suffixes and extensions come on top. */
export const longestPart = 120

/** Names that Windows keeps for devices, with any extension. */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/** Control, format and surrogate characters, and those that some file system refuses. */
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029<>:"/\\|?*]+/gu

/** Texts that every file system takes as they are: words with single spaces between. Most are, which saves much work. */
const plainWords = /^[\w.,;!()-]+(?: [\w.,;!()-]+)*$/

/**
 * Makes one part of a path out of any text, so that every file system takes it: without forbidden characters
 * (they become `-`), dots and blanks at its ends, reserved names, and never longer than `longestPart` bytes.
 * Gives an empty text if nothing is left.
 */
export function cleanPart(text: string): string {
  const clean = trimEnds(cutBytes(trimEnds(cleanText(text)), longestPart))
  return reserved.test(clean) ? `_${cutBytes(clean, longestPart - 1)}` : clean
}

/** Replaces what no file name may hold, and makes blanks single spaces. */
export function cleanText(text: string): string {
  if (plainWords.test(text)) return text
  return text.normalize('NFC').replaceAll(/\s+/g, ' ').replaceAll(forbidden, '-')
}

const ascii = /^[ -~]*$/
const asciiWord = /[a-z0-9]+/g
const word = /[\p{L}\p{M}\p{N}]+/gu

/**
 * Words joined by `-`, in lower case, letters of every script kept: `A lighthouse, at dusk` becomes
 * `a-lighthouse-at-dusk`. Cut after the last word that ends within `width` characters.
 */
export function slug(text: string, width = Number.POSITIVE_INFINITY): string {
  const isPlain = ascii.test(text)
  const plain = isPlain ? text.toLowerCase() : text.normalize('NFC').toLowerCase().normalize('NFC')
  const words = plain.replaceAll(/['’]/g, '').matchAll(isPlain ? asciiWord : word)
  let result = ''
  for (const [next] of words) {
    const longer = result === '' ? next : `${result}-${next}`
    // Only what is long in UTF-16 units can be long in characters.
    if (longer.length > width && characters(longer).length > width)
      return result === '' ? cut(next, width) : result
    result = longer
  }
  return result
}

/** The first `width` characters. */
export function cut(text: string, width: number): string {
  return characters(text).slice(0, width).join('')
}

/** The longest beginning that takes at most `bytes` bytes of UTF-8, cut between characters. */
export function cutBytes(text: string, bytes: number): string {
  // A UTF-16 unit takes at most three bytes.
  if (text.length * 3 <= bytes) return text
  let room = bytes
  let end = 0
  for (const character of text) {
    room -= Buffer.byteLength(character)
    if (room < 0) break
    end += character.length
  }
  return text.slice(0, end)
}

/** What two names have in common that some file system takes for the same: case and composition. */
export function sameFileKey(name: string): string {
  if (ascii.test(name)) return name.toLowerCase()
  return name.normalize('NFC').toLowerCase().normalize('NFC')
}

function trimEnds(text: string): string {
  if (/^\w(?:.*\w)?$/.test(text)) return text
  return text.replace(/^[\s.]+/u, '').replace(/[\s.]+$/u, '')
}

function characters(text: string): string[] {
  return Array.from(text)
}
