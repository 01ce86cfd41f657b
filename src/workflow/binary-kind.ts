/** What a file that is no text is, by its first bytes. */
export type BinaryKind = 'PNG' | 'WebP' | 'JPEG' | 'GIF' | 'AVIF' | 'MP4' | 'WebM' | 'FLAC' | 'unknown'

/** In Latin-1. MP4 and its like all have `ftyp`, so AVIF is asked for first. */
const signatures: readonly (readonly [kind: BinaryKind, offset: number, bytes: string])[] = [
  ['PNG', 0, '\x89PNG\r\n\x1a\n'],
  ['WebP', 8, 'WEBP'],
  ['JPEG', 0, '\xff\xd8\xff'],
  ['GIF', 0, 'GIF8'],
  ['AVIF', 4, 'ftypavif'],
  ['MP4', 4, 'ftyp'],
  ['WebM', 0, '\x1a\x45\xdf\xa3'],
  ['FLAC', 0, 'fLaC'],
]

/** How many bytes are searched for a zero, which no text holds. */
const searchedBytes = 1000

/** Tells what a file is by its signature; `unknown` if it has none but can't be text. Undefined for text. */
export function binaryKind(bytes: Buffer): BinaryKind | undefined {
  for (const [kind, offset, signature] of signatures) {
    if (bytes.toString('latin1', offset, offset + signature.length) === signature) return kind
  }
  return !isUtf16(bytes) && bytes.subarray(0, searchedBytes).includes(0) ? 'unknown' : undefined
}

/** Whether bytes begin with the mark of UTF-16, as text from PowerShell's `>` does. */
export function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}
