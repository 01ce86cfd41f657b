import { ComfyRunError, messageOf } from '../errors.ts'

/** The formats that can be decoded, by file extension, as sharp names them. */
const formats: Readonly<Record<string, string>> = {
  avif: 'heif',
  gif: 'gif',
  jpeg: 'jpeg',
  jpg: 'jpeg',
  png: 'png',
  tif: 'tiff',
  tiff: 'tiff',
  webp: 'webp',
}

/** Formats of which every frame is looked at. Elsewhere pages may differ in size, and the first one is the image. */
const animated = new Set(['gif', 'webp'])

/** A gigapixel: more than any model makes, less than a malicious file needs to keep us busy for hours. */
export const mostPixels = 2 ** 30

/** As above, for images that can't be decoded row by row: they take up to 8 bytes of memory for each pixel. */
const mostPixelsAtOnce = 2 ** 27

/** Formats that are decoded row by row, unless they are interlaced. */
const byRows = new Set(['jpeg', 'png', 'tiff'])

/** From here on images are decoded one at a time: several at once leave tens of MB of memory in pieces. */
const manyPixels = 2 ** 22

let lastLarge: Promise<unknown> = Promise.resolve()

/** Whether files with this extension are images that `checkImage` can decode. */
export function isImageExtension(extension: string): boolean {
  return Object.hasOwn(formats, extension)
}

/**
 * Decodes a whole image, and all frames of an animated one. Throws `damaged-file` if that fails, or if it is
 * another format than its extension says. `name` is what the message calls it.
 */
export async function checkImage(path: string, extension: string, name: string): Promise<void> {
  const { default: sharp } = await import('sharp')
  // The cache would keep the file open, which on Windows forbids to rename it.
  sharp.cache(false)
  try {
    const image = sharp(path, {
      failOn: 'error',
      limitInputPixels: mostPixels,
      animated: animated.has(extension),
    })
    const metadata = await image.metadata()
    const found = metadata.format
    // What is not decoded can do no harm: the pretended PNG may be a program in SVG.
    if (found !== formats[extension]) throw wrongFormat(name, extension, found)
    const { width, pageHeight: height = metadata.height, isProgressive } = metadata
    const limit = byRows.has(found) && !isProgressive ? mostPixels : mostPixelsAtOnce
    if (width * height > limit) throw new Error(`Input image of ${width}x${height} exceeds pixel limit`)
    // Scaling to one pixel reads all rows, but never holds the whole picture in memory.
    const decode = async (): Promise<unknown> =>
      image.resize(1, 1, { fit: 'fill', fastShrinkOnLoad: false }).raw().toBuffer()
    await (width * height < manyPixels ? decode() : afterTheLast(decode))
  } catch (error) {
    if (error instanceof ComfyRunError) throw error
    throw new ComfyRunError('damaged-file', `${name} can't be decoded: ${firstLine(messageOf(error))}`, {
      cause: error,
    })
  }
}

/** Begins when those before it have ended, however they did. */
async function afterTheLast(decode: () => Promise<unknown>): Promise<unknown> {
  const own = lastLarge.then(decode)
  lastLarge = own.catch(() => {})
  return own
}

function wrongFormat(name: string, extension: string, found: string): ComfyRunError {
  return new ComfyRunError('damaged-file', `${name} is no ${extension.toUpperCase()} file: it holds ${found}`)
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? ''
}
