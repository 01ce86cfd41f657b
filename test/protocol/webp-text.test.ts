import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { readWebpText, withWebpText } from '../../src/protocol/webp-text.ts'

const texts = { prompt: '{"1": {}}', workflow: '{"a": "gr\\u00fc\\u00df"}', note: 'ü 日本' }

for (const lossless of [true, false]) {
  for (const channels of [3, 4] as const) {
    test(`texts survive in a ${lossless ? 'lossless' : 'lossy'} WebP of ${channels} channels, and the picture too`, async () => {
      const plain = await picture(channels).webp({ lossless }).toBuffer()
      const written = withWebpText(plain, texts)
      assert.deepEqual(Object.fromEntries(readWebpText(written) ?? []), texts)
      const { width, height } = await sharp(written).metadata()
      assert.deepEqual([width, height], [31, 17])
      const pixels = async (bytes: Buffer): Promise<Buffer> => sharp(bytes).raw().toBuffer()
      assert.ok((await pixels(written)).equals(await pixels(plain)))
    })
  }
}

test('texts are replaced, not added to', async () => {
  const plain = await picture(3).webp().toBuffer()
  const twice = withWebpText(withWebpText(plain, { prompt: 'one' }), { prompt: 'two' })
  assert.deepEqual([...(readWebpText(twice) ?? [])], [['prompt', 'two']])
})

test('metadata stand in the tags that ComfyUI uses', async () => {
  const written = withWebpText(await picture(3).webp().toBuffer(), texts)
  const { exif } = await sharp(written).metadata()
  assert.ok(exif)
  const directory = exif.indexOf('II*\0') + 8
  const tags = [0, 1, 2].map((index) => exif.readUInt16LE(directory + 2 + index * 12))
  assert.deepEqual(tags, [0x010e, 0x010f, 0x0110])
})

test('what is no WebP has no texts to read', () => {
  assert.equal(readWebpText(Buffer.from('RIFF....WAVEfmt ')), undefined)
  assert.equal(readWebpText(new Uint8Array()), undefined)
})

test('a WebP without metadata has none', async () => {
  assert.deepEqual([...(readWebpText(await picture(3).webp().toBuffer()) ?? [['none', '']])], [])
})

test('an offset beyond the end of the metadata is no failure', async () => {
  const written = withWebpText(await picture(3).webp().toBuffer(), texts)
  const damaged = Buffer.from(written)
  const tiff = damaged.indexOf('II*\0')
  damaged.writeUInt32LE(0xffffff, tiff + 4)
  assert.deepEqual([...(readWebpText(damaged) ?? [['none', '']])], [])
})

function picture(channels: 3 | 4): Sharp {
  return sharp({
    create: { width: 31, height: 17, channels, background: { r: 200, g: 90, b: 10, alpha: 0.5 } },
  })
}
