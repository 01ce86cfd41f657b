import assert from 'node:assert/strict'
import { test } from 'node:test'
import { glyphRows } from '../../../src/embedded/nodes/pixel-font.ts'

test('letters with accents are shown without, others as a box; all of ASCII has a glyph', () => {
  assert.deepEqual(glyphRows('\u00e4'), glyphRows('a'))
  assert.deepEqual(glyphRows('\u65e5'), [31, 17, 17, 17, 17, 17, 31])
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  assert.equal(new Set(ascii.map((character) => glyphRows(character).join())).size, 95)
  assert.ok(ascii.every((character) => glyphRows(character).length === 7))
})
