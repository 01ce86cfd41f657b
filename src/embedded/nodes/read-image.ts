import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { NodeError } from '../node.ts'
import { frameOf } from './frames.ts'
import type { Frame } from './values.ts'

/**
 * Reads a picture, or all pictures of an animation, upright. A file that ends early gives what is there, as in
 * ComfyUI. Throws `NodeError` with the exceptions of ComfyUI's readers for an empty file and for no image at all.
 */
export async function readImage(path: string): Promise<readonly Frame[]> {
  const bytes = await readFile(path)
  if (bytes.length === 0) {
    const message = `[Errno 1094995529] Invalid data found when processing input: '${path}'`
    throw new NodeError('av.error.InvalidDataError', message)
  }
  try {
    const { pages = 1 } = await sharp(bytes, { failOn: 'none' }).metadata()
    const whole = await frameOf(sharp(bytes, { failOn: 'none', animated: pages > 1 }).autoOrient())
    return split(whole, pages)
  } catch {
    throw new NodeError('PIL.UnidentifiedImageError', `cannot identify image file '${path}'`)
  }
}

/** Animations come as one high picture, the first at the top. */
function split(whole: Frame, pages: number): Frame[] {
  const height = Math.floor(whole.height / pages)
  const size = whole.width * height * whole.channels
  return Array.from({ length: pages }, (_, page) => ({
    ...whole,
    height,
    data: whole.data.subarray(page * size, (page + 1) * size),
  }))
}
