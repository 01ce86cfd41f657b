import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import type { Kind } from './work.ts'

/** A PNG of about so many megabytes: noise, which no compression makes smaller. */
export async function noisePng(megabytes: number): Promise<Buffer> {
  const side = Math.round(Math.sqrt((megabytes * 1_000_000) / 3))
  const raw = { width: side, height: side, channels: 3 } as const
  return sharp(randomBytes(side * side * 3), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer()
}

/**
 * Jobs whose images have so many megabytes. A picture of noise that is uploaded once goes into each of them, as it is:
 * it is blended with itself, each time by another factor, so that no result is in the server's cache.
 */
export async function largeImages(url: string, megabytes: number): Promise<Kind> {
  const form = new FormData()
  const file = new Blob([new Uint8Array(await noisePng(megabytes))], { type: 'image/png' })
  form.set('image', file, 'comfy-run-bench-noise.png')
  form.set('overwrite', 'true')
  const answer = await fetch(`${url}/upload/image`, { method: 'POST', body: form })
  if (!answer.ok) throw new Error(`the upload failed: HTTP ${answer.status}`)
  const { name } = (await answer.json()) as { readonly name: string }
  return {
    address: '2.blend_factor',
    values: (count) => Array.from({ length: count }, () => Math.random()),
    graph: (factor, prefix) => ({
      '1': { class_type: 'LoadImage', inputs: { image: name } },
      '2': {
        class_type: 'ImageBlend',
        inputs: { image1: ['1', 0], image2: ['1', 0], blend_factor: factor, blend_mode: 'normal' },
      },
      '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: prefix } },
    }),
  }
}
