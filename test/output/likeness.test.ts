import assert from 'node:assert/strict'
import { test } from 'node:test'
import { likeness, type Thumbnail } from '../../src/output/likeness.ts'

/** 128 x 128 pixels, each colour of each made by a function. */
function image(level: (x: number, y: number, colour: number) => number): Thumbnail {
  const pixels = new Uint8Array(128 * 128 * 3)
  for (const at of pixels.keys()) {
    const pixel = Math.floor(at / 3)
    pixels[at] = level(pixel % 128, Math.floor(pixel / 128), at % 3)
  }
  return { pixels }
}

const waves = image((x, y) => 128 + 100 * Math.sin(x / 5) * Math.cos(y / 7))

test('an image is quite like itself, and the order plays no part', () => {
  assert.equal(likeness(waves, waves), 1)
  const other = image((x, y) => 128 + 90 * Math.sin(x / 5 + y / 30))
  assert.ok(Math.abs(likeness(waves, other) - likeness(other, waves)) < 1e-12)
})

test('the further apart, the less alike; a negative is less than nothing', () => {
  const noisy = (amount: number): Thumbnail =>
    image(
      (x, y, colour) =>
        128 +
        100 * Math.sin(x / 5) * Math.cos(y / 7) +
        ((x * 7919 + y * 104729 + colour) % 17) * amount -
        amount * 8,
    )
  const values = [0.2, 1, 3].map((amount) => likeness(waves, noisy(amount)))
  assert.deepEqual(
    values,
    [...values].sort((a, b) => b - a),
  )
  assert.ok((values[0] ?? 0) > 0.9, String(values))
  assert.ok(
    likeness(
      waves,
      image((x, y) => 128 - 100 * Math.sin(x / 5) * Math.cos(y / 7)),
    ) < 0,
  )
})

test('one wrong colour shows', () => {
  const reddish = image((x, y, colour) =>
    colour === 0 ? 255 : 128 + 100 * Math.sin(x / 5) * Math.cos(y / 7),
  )
  assert.ok(likeness(waves, reddish) < 0.7)
})
