import { ComfyRunError, messageOf } from '../errors.ts'
import { shortFormat, type Expectation } from '../expectations.ts'
import { isImageExtension } from './check-image.ts'
import { likeness, readThumbnail, type Thumbnail } from './likeness.ts'

/** Of 255 levels, how far the darkest and the brightest pixel of a blank image are apart at most. */
const blankRange = 2

/** What is wrong with a file, as `check-failed`, once it is known what the file is called. */
export type Fault = (name: string) => ComfyRunError

/** A file to be checked; it may still have a temporary name. */
export interface CheckedFile {
  readonly path: string
  readonly extension: string
}

/**
 * Checks one file that a job put out, with all checks that look at single files: `size`, `not-blank` and `similar` at
 * images, `format` at any file. Returns the first fault. Throws what sharp throws.
 */
export async function checkOutput(
  file: CheckedFile,
  expectations: readonly Expectation[],
): Promise<Fault | undefined> {
  for (const expectation of expectations) {
    const found = await whatDiffers(file, expectation)
    if (found !== undefined) return (name) => failure(expectation, name, found)
  }
  return undefined
}

/**
 * Checks how many images a job put out. Checks that look at images fail where there is none. Returns the first that
 * fails, as `check-failed`. `job` is what the message calls the job.
 */
export function checkCount(
  images: number,
  expectations: readonly Expectation[],
  job: string,
): ComfyRunError | undefined {
  const failed = expectations.find((expectation) => !isCountRight(images, expectation))
  if (!failed) return undefined
  return failure(failed, job, images === 1 ? '1 image' : images === 0 ? 'no image' : `${images} images`)
}

/** Makes sure that every image to be compared with can be read. Throws `file-not-found`, `not-an-image`. */
export async function checkGoldens(expectations: readonly Expectation[]): Promise<void> {
  for (const expectation of expectations) if (expectation.check === 'similar') await goldenOf(expectation)
}

function isCountRight(images: number, expectation: Expectation): boolean {
  if (expectation.check === 'format') return true
  if (expectation.check !== 'images') return images > 0
  const { comparison, count } = expectation
  if (comparison === '=') return images === count
  return comparison === '>=' ? images >= count : images <= count
}

/** What was found in place of what is expected; undefined if all is well. */
async function whatDiffers(file: CheckedFile, expectation: Expectation): Promise<string | undefined> {
  if (expectation.check === 'format') {
    const format = shortFormat(file.extension)
    return format === expectation.format ? undefined : format
  }
  if (!isImageExtension(file.extension)) return undefined
  switch (expectation.check) {
    case 'images':
      return undefined
    case 'size': {
      const { width, height } = await sizeOf(file.path)
      return width === expectation.width && height === expectation.height ? undefined : `${width}x${height}`
    }
    case 'not-blank':
      return whatIsBlank(file.path)
    case 'similar': {
      const found = likeness(await goldenOf(expectation), await readThumbnail(file.path))
      // Rounded down, so that what is shown is never the likeness that would have been enough.
      return found >= expectation.likeness ? undefined : `a likeness of ${Math.floor(found * 1000) / 1000}`
    }
  }
}

/** As viewers show it: a photo that lies on its side is turned upright. */
async function sizeOf(path: string): Promise<{ readonly width: number; readonly height: number }> {
  const { default: sharp } = await import('sharp')
  const { autoOrient } = await sharp(path, { limitInputPixels: 2 ** 30 }).metadata()
  return autoOrient
}

async function whatIsBlank(path: string): Promise<string | undefined> {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  const image = sharp(path, { limitInputPixels: 2 ** 30 })
  const { depth, hasAlpha } = await image.metadata()
  const levels = depth === 'ushort' ? 257 : 1
  const { channels } = await image.stats()
  if (hasAlpha && channels.at(-1)?.max === 0) return 'an image that is fully transparent'
  const colours = hasAlpha ? channels.slice(0, -1) : channels
  if (colours.some(({ min, max }) => (max - min) / levels > blankRange)) return undefined
  const [red = 0, green = red, blue = red] = colours.map(({ mean }) => Math.round(mean / levels))
  return `one colour, rgb(${red}, ${green}, ${blue}), all over`
}

/** Those that were read already: every job of a run is compared with the same few. */
const goldens = new WeakMap<Expectation, Promise<Thumbnail>>()

async function goldenOf(expectation: Extract<Expectation, { check: 'similar' }>): Promise<Thumbnail> {
  const known = goldens.get(expectation)
  if (known) return known
  const reading = readGolden(expectation.file)
  goldens.set(expectation, reading)
  return reading
}

async function readGolden(file: string): Promise<Thumbnail> {
  const { access } = await import('node:fs/promises')
  try {
    await access(file)
  } catch (cause) {
    throw new ComfyRunError('file-not-found', `there is no image "${file}" to compare with`, { cause })
  }
  try {
    return await readThumbnail(file)
  } catch (cause) {
    throw new ComfyRunError('not-an-image', `"${file}" can't be compared with: ${messageOf(cause)}`, {
      cause,
    })
  }
}

function failure(expectation: Expectation, name: string, found: string): ComfyRunError {
  return new ComfyRunError('check-failed', `${name} fails the check ${expectation.text}: found ${found}`, {
    details: [`expected ${wanted(expectation)}`],
  })
}

function wanted(expectation: Expectation): string {
  switch (expectation.check) {
    case 'images': {
      const { comparison, count } = expectation
      const least = comparison === '=' ? 'exactly' : comparison === '>=' ? 'at least' : 'at most'
      return `${least} ${count} ${count === 1 ? 'image' : 'images'}`
    }
    case 'size':
      return `${expectation.width}x${expectation.height}`
    case 'not-blank':
      return 'an image that shows something'
    case 'format':
      return expectation.format
    case 'similar':
      return `a likeness of at least ${expectation.likeness} to ${expectation.file}`
  }
}
