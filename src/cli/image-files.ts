import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { ComfyRunError } from '../errors.ts'
import { nearMatches } from '../near-matches.ts'
import { filesLike, isPattern } from './glob.ts'

const imageExtensions = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff'])

/**
 * The image files that `--image` arguments name, in order, each once: a file, a folder (its images, not those of
 * sub-folders), or a pattern with `*`, `?`, `**`. Throws `file-not-found` with what lies near.
 */
export async function imageFiles(patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const pattern of patterns) for (const file of await expand(pattern)) found.add(file)
  return [...found]
}

async function expand(pattern: string): Promise<string[]> {
  const info = await stat(pattern).catch(() => undefined)
  if (info?.isDirectory()) return imagesIn(pattern)
  if (info) return [pattern]
  if (!isPattern(pattern)) throw await notFound(pattern)
  const images = (await filesLike(pattern)).filter(isImageFile)
  if (images.length === 0) {
    throw new ComfyRunError('file-not-found', `no image matches "${pattern}"`, {
      hint: 'patterns know *, ? and **; put them in quotes, so that the shell leaves them alone',
    })
  }
  return images
}

async function imagesIn(folder: string): Promise<string[]> {
  const images = (await readdir(folder)).filter(isImageFile).sort()
  if (images.length > 0) return images.map((name) => join(folder, name))
  throw new ComfyRunError('file-not-found', `the folder "${folder}" holds no image`, {
    hint: `files with these endings count: ${[...imageExtensions].join(' ')}`,
  })
}

/** Whether a file's name is that of an image which is not hidden. */
export function isImageFile(name: string): boolean {
  return imageExtensions.has(extname(name).toLowerCase()) && !basename(name).startsWith('.')
}

async function notFound(file: string): Promise<ComfyRunError> {
  const siblings = await readdir(dirname(file)).catch(() => [])
  const near = nearMatches(basename(file), siblings)
  return new ComfyRunError('file-not-found', `there is no file "${file}"`, {
    hint:
      near.length > 0
        ? `did you mean ${near.map((name) => join(dirname(file), name)).join(' or ')}?`
        : undefined,
  })
}
