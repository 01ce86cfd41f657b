/** Longest part of a path, in bytes of UTF-8. File systems take 255; suffixes and extensions come on top. */
export const longestPart = 120

/** Names that Windows keeps for devices, with any extension. */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/** No reserved name without a dot is longer. */
const longestReserved = 7

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
  if (text.length > longestReserved && text.length <= longestPart && /^\w[\w-]*$/.test(text)) return text
  const clean = trimEnds(cutBytes(trimEnds(cleanText(text)), longestPart))
  return reserved.test(clean) ? `_${cutBytes(clean, longestPart - 1)}` : clean
}

/** Replaces what no file name may hold, and makes blanks single spaces. */
export function cleanText(text: string): string {
  if (plainWords.test(text)) return text
  return text.normalize('NFC').replaceAll(/\s+/g, ' ').replaceAll(forbidden, '-')
}

const ascii = /^[ -~]*$/
const word = /[\p{L}\p{M}\p{N}]+/gu

/**
 * Words joined by `-`, in lower case, letters of every script kept: `A lighthouse, at dusk` becomes
 * `a-lighthouse-at-dusk`. Cut after the last word that ends within `width` characters.
 */
export function slug(text: string, width = Number.POSITIVE_INFINITY): string {
  if (ascii.test(text)) return asciiSlug(text.toLowerCase(), width)
  const plain = text.normalize('NFC').toLowerCase().normalize('NFC')
  let result = ''
  for (const [next] of plain.replaceAll(/['’]/g, '').matchAll(word)) {
    const longer = result === '' ? next : `${result}-${next}`
    // Only what is long in UTF-16 units can be long in characters.
    if (longer.length > width && characters(longer).length > width) {
      return result === '' ? cut(next, width) : result
    }
    result = longer
  }
  return result
}

/** The same for lower-case ASCII, which most prompts are, without regular expressions: names are made by the million. */
function asciiSlug(text: string, width: number): string {
  let result = ''
  let next = ''
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0
    if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) {
      next += text[at]
    } else if (next !== '' && code !== 39) {
      const longer = result === '' ? next : `${result}-${next}`
      if (longer.length > width) return result === '' ? next.slice(0, width) : result
      result = longer
      next = ''
    }
  }
  return result
}

/** The first `width` characters. */
export function cut(text: string, width: number): string {
  return characters(text).slice(0, width).join('')
}

/** The longest beginning that takes at most `bytes` bytes of UTF-8, cut between characters. */
export function cutBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
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
