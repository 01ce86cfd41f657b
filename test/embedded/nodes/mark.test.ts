import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainFrame } from '../../../src/embedded/nodes/frames.ts'
import { markRehearsal } from '../../../src/embedded/nodes/mark.ts'
import { glyphRows } from '../../../src/embedded/nodes/pixel-font.ts'
import type { Frame } from '../../../src/embedded/nodes/values.ts'

/** Finds a text of the given colour in a picture: its dots must all be there, and no others in its lines. */
function shows(frame: Frame, text: string, scale: number, color: readonly number[]): boolean {
  const isSet = (x: number, y: number): boolean =>
    color.every((value, channel) => frame.data[(y * frame.width + x) * 3 + channel] === value)
  const matches = (left: number, top: number): boolean =>
    text
      .split('')
      .every((character, index) =>
        glyphRows(character).every((dots, row) =>
          [0, 1, 2, 3, 4].every(
            (column) =>
              isSet(left + (index * 6 + column) * scale, top + row * scale) ===
              Boolean((dots >> (4 - column)) & 1),
          ),
        ),
      )
  for (let top = 0; top + 7 * scale <= frame.height; top += 1) {
    for (let left = 0; left + text.length * 6 * scale <= frame.width + scale; left += 1) {
      if (matches(left, top)) return true
    }
  }
  return false
}

const amber = [255, 200, 87]
const white = [255, 255, 255]

for (const [size, heading, scale] of [
  [64, 'REHEARSAL', 1],
  [256, 'REHEARSAL - no model ran', 1],
  [512, 'REHEARSAL - no model ran', 2],
  [1024, 'REHEARSAL - no model ran', 4],
] as const) {
  test(`a picture of ${size} dots says "${heading}"`, () => {
    const frame = plainFrame(size, size, [0, 128, 0])
    markRehearsal(frame, ['cat', 'seed 18446744073709551615'])
    assert.ok(shows(frame, heading, scale, amber))
    if (size > 64) assert.ok(shows(frame, 'cat', Math.max(1, Math.round(scale * 0.6)), white))
    assert.deepEqual([...frame.data.subarray(0, 3)], [0, 128, 0], 'the picture above stays')
  })
}

test('a long prompt takes two lines and is cut off with dots', () => {
  const frame = plainFrame(256, 256, [0, 0, 0])
  markRehearsal(frame, [
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen',
  ])
  assert.ok(shows(frame, 'one two three four five six seven eight', 1, white))
  assert.ok(shows(frame, '..', 1, white))
})

test('the smallest picture is marked without failing', () => {
  const frame = plainFrame(8, 8, [9, 9, 9])
  markRehearsal(frame, ['prompt'])
  assert.ok(frame.data.some((value) => value !== 9))
})
