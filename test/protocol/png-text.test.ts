import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { crc32 } from '../../src/protocol/crc32.ts'
import { readPngText, withPngText } from '../../src/protocol/png-text.ts'

const png = await sharp({ create: { width: 3, height: 2, channels: 3, background: '#123456' } })
  .png()
  .toBuffer()

test('texts survive, Latin-1 and beyond, and the picture too', async () => {
  const texts = { prompt: '{"1": {}}', workflow: 'gr\u00fc\u00df', note: '\u65e5\u672c \u{1f600}' }
  const written = withPngText(png, texts)
  assert.deepEqual(Object.fromEntries(readPngText(written) ?? []), texts)
  assert.ok((await sharp(written).raw().toBuffer()).equals(await sharp(png).raw().toBuffer()))
})

test('Latin-1 goes into tEXt, the rest into iTXt, both before the image data', () => {
  const written = withPngText(png, { a: '\u00fc', b: '\u65e5' })
  const [plain, international, data] = ['tEXta\0', 'iTXtb\0', 'IDAT'].map((mark) => written.indexOf(mark))
  assert.ok(plain && international && data && plain < international && international < data)
})

test('compressed texts are read', () => {
  const packed = deflateSync('a long text')
  const made = insert(
    insert(png, 'zTXt', Buffer.concat([Buffer.from('z\0\0'), packed])),
    'iTXt',
    Buffer.concat([Buffer.from('i\0\u0001\0en\0key\0'), packed]),
  )
  assert.deepEqual(Object.fromEntries(readPngText(made) ?? []), { z: 'a long text', i: 'a long text' })
})

test('damaged chunks are left out, the others are read', () => {
  const damaged = insert(insert(png, 'zTXt', Buffer.from('z\0\0not zlib')), 'iTXt', Buffer.from('i\0\0\0'))
  assert.deepEqual([...(readPngText(withPngText(damaged, { a: '1' })) ?? [])], [['a', '1']])
})

test('a file that ends early gives what came before', () => {
  const written = withPngText(png, { a: '1' })
  assert.deepEqual([...(readPngText(written.subarray(0, -20)) ?? [])], [['a', '1']])
  assert.deepEqual([...(readPngText(png.subarray(0, 20)) ?? [['none', '']])], [])
})

test('what is no PNG has no texts to read', () => {
  assert.equal(readPngText(Buffer.from('GIF89a')), undefined)
})

function insert(bytes: Buffer, type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(data.length, 0)
  body.copy(frame, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  // After the signature and the 25 bytes of IHDR.
  return Buffer.concat([bytes.subarray(0, 33), frame, bytes.subarray(33)])
}
