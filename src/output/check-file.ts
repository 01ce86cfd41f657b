import { open } from 'node:fs/promises'
import { ComfyRunError } from '../errors.ts'
import { checkImage, isImageExtension } from './check-image.ts'

/** How the other formats begin, as Latin-1 text. */
const beginnings: Readonly<Record<string, RegExp>> = {
  flac: /^fLaC/,
  glb: /^glTF/,
  m4a: /^.{4}ftyp/s,
  mkv: /^.E\xDF\xA3/s,
  mov: /^.{4}(?:ftyp|moov|mdat|wide|free|skip)/s,
  mp3: /^(?:ID3|\xFF[\xE0-\xFF])/,
  mp4: /^.{4}ftyp/s,
  ogg: /^OggS/,
  opus: /^OggS/,
  wav: /^(?:RIFF|RF64).{4}WAVE/s,
  webm: /^.E\xDF\xA3/s,
  zip: /^PK/,
}

/** How images begin. What begins like none of them is not given to a decoder, which might run it (SVG). */
const imageBeginning = /^(?:\x89PNG|\xFF\xD8\xFF|GIF8|RIFF.{4}WEBP|II[*+]\0|MM\0[*+]|.{4}ftyp)/s

/** Formats in which markup is nothing strange. */
const markup = new Set(['htm', 'html', 'md', 'svg', 'txt', 'xml'])

/**
 * Checks that a complete file is what its extension says: images are decoded, other known formats are known by
 * their first bytes, anything else must not be empty. Throws `damaged-file`. `name` is what the message calls it.
 */
export async function checkFile(path: string, extension: string, name: string): Promise<void> {
  const beginning = await firstBytes(path)
  if (beginning === '') throw new ComfyRunError('damaged-file', `${name} is empty`)
  if (!markup.has(extension) && /^\s*<(?:!doctype html|html|head|body)\b/i.test(beginning)) {
    throw new ComfyRunError(
      'damaged-file',
      `${name} is an HTML page, not a ${extension.toUpperCase()} file`,
      {
        hint: 'a login page or a proxy answers in place of ComfyUI; check --server',
      },
    )
  }
  const isImage = isImageExtension(extension)
  if (isImage && imageBeginning.test(beginning)) return checkImage(path, extension, name)
  if (isImage || beginnings[extension]?.test(beginning) === false) {
    throw new ComfyRunError('damaged-file', `${name} is no ${extension.toUpperCase()} file`)
  }
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await file.close()
  }
}
