import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { parseExpectations } from '../../src/expectations.ts'
import { checkCount, checkGoldens, checkOutput } from '../../src/output/expect.ts'
import { folderOf } from '../rig/folder.ts'

/** Grey levels from dark to bright, left to right; a red one with `channels` 3. */
function ramp(width: number, height: number, step = 4): Sharp {
  const pixels = Buffer.alloc(width * height, 0).map((_, at) => (at % width) * step)
  return sharp(pixels, { raw: { width, height, channels: 1 } })
}

function flat(background: string, channels: 3 | 4 = 3): Sharp {
  return sharp({ create: { width: 32, height: 32, channels, background } })
}

/** What a check says of a file: the message, or `fine`. */
async function check(t: TestContext, text: string, file: string): Promise<string> {
  const checked = { path: join(folderOf(t), file), extension: extname(file).slice(1) }
  const fault = (await checkOutput(checked, parseExpectations(text)))?.(file)
  if (!fault) return 'fine'
  assert.equal(fault.code, 'check-failed')
  assert.equal(fault.exitCode, 6)
  return [fault.message, ...fault.details].join(' | ')
}

test('size and format: what is expected and what was found', async (t) => {
  await ramp(32, 16)
    .png()
    .toFile(join(folderOf(t), 'a.png'))
  assert.equal(await check(t, 'size=32x16; format=png', 'a.png'), 'fine')
  assert.equal(
    await check(t, 'size=16x32', 'a.png'),
    'a.png fails the check size=16x32: found 32x16 | expected 16x32',
  )
  assert.equal(
    await check(t, 'size=32x16; format=jpeg', 'a.png'),
    'a.png fails the check format=jpeg: found png | expected jpg',
  )
})

test('format looks at any file, the others only at images', async (t) => {
  writeFileSync(join(folderOf(t), 'a.mp3'), 'ID3')
  assert.equal(await check(t, 'size=1x1; not-blank; similar=none.png; format=mp3', 'a.mp3'), 'fine')
})

test('not-blank: one colour, almost one colour, transparent', async (t) => {
  const images: readonly (readonly [file: string, image: Sharp, found: RegExp])[] = [
    ['black.png', flat('black'), /found one colour, rgb\(0, 0, 0\), all over/],
    ['orange.webp', flat('#f80').webp({ lossless: true }), /rgb\(255, 136, 0\)/],
    ['noise.png', ramp(3, 3, 1).toColourspace('b-w').png(), /rgb\(1, 1, 1\)/],
    ['deep.png', ramp(3, 3, 1).toColourspace('grey16').png(), /rgb\(1, 1, 1\)/],
    ['clear.png', flat('#f800', 4), /fully transparent/],
    ['half.png', flat('#f808', 4), /rgb\(255, 136, 0\)/],
    ['faint.png', ramp(5, 5, 1), /^fine$/],
    ['deep-faint.png', ramp(5, 5, 1).toColourspace('grey16').png(), /^fine$/],
    ['dot.png', ramp(32, 32, 8), /^fine$/],
  ]
  for (const [file, image, found] of images) {
    await image.toFile(join(folderOf(t), file))
    assert.match(await check(t, 'not-blank', file), found, file)
  }
})

test('similar: scaling and JPEG are forgiven; another picture and other colours are not', async (t) => {
  const folder = folderOf(t)
  const picture = (colour: string): Buffer =>
    Buffer.from(`<svg width="256" height="256"><rect width="256" height="256" fill="#246"/>
      <circle cx="90" cy="100" r="60" fill="${colour}"/><rect x="150" y="150" width="80" height="60" fill="#fff"/></svg>`)
  await sharp(picture('#f80')).png().toFile(join(folder, 'golden.png'))
  await sharp(picture('#f80')).resize(200).jpeg({ quality: 90 }).toFile(join(folder, 'same.jpg'))
  await sharp(picture('#08f')).png().toFile(join(folder, 'blue.png'))
  await ramp(256, 256, 1).png().toFile(join(folder, 'other.png'))
  await ramp(8, 8).toColourspace('grey16').png().toFile(join(folder, 'deep.png'))
  const similar = `similar=${join(folder, 'golden.png')}`
  assert.equal(await check(t, `${similar}:1`, 'golden.png'), 'fine')
  assert.equal(await check(t, `${similar}:0.9`, 'same.jpg'), 'fine')
  assert.match(
    await check(t, `${similar}:0.9`, 'blue.png'),
    /found a likeness of 0\.\d+ \| expected a likeness of at least 0\.9 to .*golden\.png$/,
  )
  assert.match(await check(t, `${similar}:0.5`, 'other.png'), /found a likeness of/)
  assert.match(await check(t, `${similar}:0.5`, 'deep.png'), /found a likeness of/)
})

test('images are counted; a check of images where there is none fails', () => {
  const cases: readonly (readonly [images: number, text: string, message: string | undefined])[] = [
    [1, 'images>=1; images<=1; images=1; not-blank', undefined],
    [0, 'images=0; format=mp3', undefined],
    [0, 'images>=1', 'fox fails the check images>=1: found no image'],
    [1, 'images=2', 'fox fails the check images=2: found 1 image'],
    [3, 'images<=2', 'fox fails the check images<=2: found 3 images'],
    [0, 'size=8x8', 'fox fails the check size=8x8: found no image'],
  ]
  for (const [images, text, message] of cases) {
    assert.equal(checkCount(images, parseExpectations(text), 'fox')?.message, message, text)
  }
})

test('a golden image that is missing or none is found before anything runs', async (t) => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'text.png'), 'text')
  await ramp(8, 8).png().toFile(join(folder, 'a.png'))
  const golden = (file: string): Promise<void> =>
    checkGoldens(parseExpectations(`similar=${join(folder, file)}`))
  await golden('a.png')
  await assert.rejects(golden('b.png'), { code: 'file-not-found' })
  await assert.rejects(golden('text.png'), { code: 'not-an-image' })
})
