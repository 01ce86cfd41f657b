import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { checkImage, isImageExtension } from '../../src/output/check-image.ts'
import { folderOf } from '../rig/folder.ts'

const noise = sharp({
  create: {
    width: 64,
    height: 48,
    channels: 3,
    background: '#000',
    noise: { type: 'gaussian', mean: 128, sigma: 40 },
  },
})

const formats = { png: 'png', jpg: 'jpeg', webp: 'webp', gif: 'gif', avif: 'avif', tiff: 'tiff' } as const

for (const [extension, format] of Object.entries(formats)) {
  test(`a whole ${extension} is fine, one that is cut short is damaged`, async (t) => {
    assert.ok(isImageExtension(extension))
    const bytes = await noise.clone().toFormat(format).toBuffer()
    const whole = join(folderOf(t), 'whole')
    writeFileSync(whole, bytes)
    await checkImage(whole, extension, `a.${extension}`)
    const short = join(folderOf(t), 'short')
    writeFileSync(short, bytes.subarray(0, Math.floor(bytes.length * 0.8)))
    await assert.rejects(checkImage(short, extension, `a.${extension}`), {
      code: 'damaged-file',
      message: new RegExp(`^a\\.${extension} can't be decoded: .`),
    })
  })
}

test('another format than the extension says is damage', async (t) => {
  const path = join(folderOf(t), 'image')
  writeFileSync(path, await noise.clone().jpeg().toBuffer())
  await assert.rejects(checkImage(path, 'png', 'a.png'), {
    code: 'damaged-file',
    message: 'a.png is no PNG file: it holds jpeg',
  })
})

test('the last frame of an animation counts, too', async (t) => {
  const frame = await noise.clone().png().toBuffer()
  const other = await sharp(frame).negate().png().toBuffer()
  const bytes = await sharp([frame, other], { join: { animated: true } })
    .gif()
    .toBuffer()
  const path = join(folderOf(t), 'image')
  writeFileSync(path, bytes)
  await checkImage(path, 'gif', 'a.gif')
  const secondFrame = Math.floor(bytes.length * 0.7)
  writeFileSync(path, bytes.fill(0xff, secondFrame, secondFrame + 200))
  await assert.rejects(checkImage(path, 'gif', 'a.gif'), { code: 'damaged-file' })
})

test('files that are no images are not decoded', () => {
  assert.deepEqual(['mp4', 'txt', 'svg', 'constructor'].filter(isImageExtension), [])
})
