import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import * as fc from 'fast-check'
import sharp from 'sharp'
import { PngScan } from '../../src/output/png-scan.ts'

const noise = sharp({
  create: {
    width: 61,
    height: 47,
    channels: 3,
    background: '#000',
    noise: { type: 'gaussian', mean: 128, sigma: 40 },
  },
})

const kinds: Readonly<Record<string, Buffer>> = {
  RGB: await noise.clone().png().toBuffer(),
  'RGB with alpha': await noise.clone().ensureAlpha(0.5).png().toBuffer(),
  grey: await noise.clone().toColourspace('b-w').png().toBuffer(),
  'grey of 16 bits': await noise.clone().toColourspace('grey16').png().toBuffer(),
  'a palette of 4 bits': await noise.clone().png({ palette: true, colours: 16 }).toBuffer(),
}

/** Scans bytes that come in pieces of these sizes, in turn. */
async function isSound(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): Promise<boolean> {
  const scan = new PngScan(2 ** 20)
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length
    await scan.add(bytes.subarray(at, at + size))
    at += size
  }
  return scan.end()
}

for (const [kind, bytes] of Object.entries(kinds)) {
  test(`a whole PNG is sound: ${kind}`, async () => {
    assert.equal(await isSound(bytes), true)
  })
}

const { RGB: whole = Buffer.alloc(0) } = kinds

test('it does not matter how the bytes are cut into pieces', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(sizes, async (some) => {
      assert.equal(await isSound(whole, some), true)
    }),
    { numRuns: 50 },
  )
})

test('a PNG of which any byte is another, or that ends early, is in doubt', async () => {
  const at = fc.integer({ min: 0, max: whole.length - 1 })
  await fc.assert(
    fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (position, change) => {
      const damaged = Buffer.from(whole)
      damaged[position] = (damaged[position] ?? 0) ^ change
      assert.equal(await isSound(damaged), false)
      assert.equal(await isSound(whole.subarray(0, position)), false)
    }),
    { numRuns: 200 },
  )
})

test('what comes after the end is in doubt', async () => {
  assert.equal(await isSound(Buffer.concat([whole, Buffer.from('more')])), false)
})

test('images that only a decoder can judge are in doubt', async () => {
  assert.equal(await isSound(await noise.clone().png({ progressive: true }).toBuffer()), false)
  assert.equal(await isSound(await noise.clone().jpeg().toBuffer()), false)
  assert.equal(await isSound(Buffer.alloc(0)), false)
  assert.equal(await isSound(Buffer.from('<html><body>Sign in</body></html>')), false)
})

test('more pixels than allowed are in doubt', async () => {
  const scan = new PngScan(61 * 47 - 1)
  await scan.add(whole)
  assert.equal(await scan.end(), false)
})

// Every checksum of the following is right: what is wrong is what they hold.

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(content.length)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

/** A grey image, 2 pixels wide and high. */
function grey(
  chunks: (header: Buffer, data: Buffer, end: Buffer) => readonly Buffer[],
  rows: number[],
): Buffer {
  const header = chunk('IHDR', Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0]))
  const data = chunk('IDAT', deflateSync(Buffer.from(rows)))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'),
    ...chunks(header, data, chunk('IEND', Buffer.alloc(0))),
  ])
}

const goodRows = [0, 1, 2, 4, 3, 4]

test('a PNG made by hand is sound, also with a chunk of text', async () => {
  assert.equal(await isSound(grey((header, data, end) => [header, data, end], goodRows)), true)
  const text = chunk('tEXt', Buffer.from('prompt\0{}'))
  assert.equal(await isSound(grey((header, data, end) => [header, text, data, end], goodRows)), true)
})

test('rows that are too few, too many, or of an unknown filter are in doubt', async () => {
  const rows = [
    [0, 1, 2],
    [...goodRows, 0, 1, 2],
    [...goodRows, 0],
    [0, 1, 2, 5, 3, 4],
  ]
  for (const some of rows) {
    assert.equal(await isSound(grey((header, data, end) => [header, data, end], some)), false, String(some))
  }
})

test('chunks that are missing, out of place, or unknown and important are in doubt', async () => {
  const text = chunk('tEXt', Buffer.from('prompt\0{}'))
  const unknown = chunk('ABCD', Buffer.alloc(3))
  const wrong: ((header: Buffer, data: Buffer, end: Buffer) => Buffer[])[] = [
    (_, data, end) => [data, end],
    (header, _, end) => [header, end],
    (header, data) => [header, data],
    (header, data, end) => [text, header, data, end],
    (header, data, end) => [header, header, data, end],
    (header, data, end) => [header, data, text, data, end],
    (header, data, end) => [header, unknown, data, end],
    (_, data, end) => [chunk('IHDR', Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 3, 0, 0, 0])), data, end],
    (_, data, end) => [chunk('IHDR', Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 7, 0, 0, 0, 0])), data, end],
    (_, data, end) => [chunk('IHDR', Buffer.from([0, 0, 0, 0, 0, 0, 0, 2, 8, 0, 0, 0, 0])), data, end],
  ]
  for (const [index, chunks] of wrong.entries()) {
    assert.equal(await isSound(grey(chunks, goodRows)), false, String(index))
  }
})
