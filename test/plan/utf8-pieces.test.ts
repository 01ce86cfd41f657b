import assert from 'node:assert/strict'
import { TextDecoder } from 'node:util'
import { test } from 'node:test'
import { array, assert as assertThat, constantFrom, integer, property, string } from 'fast-check'
import { Utf8Pieces } from '../../src/plan/utf8-pieces.ts'

/** What it makes of bytes that come in pieces; undefined if it throws. */
function decoded(bytes: Uint8Array, sizes: readonly number[]): string | undefined {
  const decoder = new Utf8Pieces()
  let text = ''
  let at = 0
  try {
    for (let turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1
      // The pieces share a buffer: what is left of one must not be read there later.
      const piece = Uint8Array.from(bytes.subarray(at, at + size))
      text += decoder.next(piece)
      piece.fill(0x21)
      at += size
    }
    return text + decoder.end()
  } catch (error) {
    assert.ok(error instanceof TypeError)
    return undefined
  }
}

function expected(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const pieceSizes = array(integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 })

test('text in pieces of any size is what it is as a whole', () => {
  assertThat(
    property(string({ unit: 'binary' }), pieceSizes, (text, sizes) => {
      const bytes = Buffer.from(text)
      assert.equal(decoded(bytes, sizes), expected(bytes))
    }),
  )
})

test('what is not UTF-8 is refused, wherever it is cut', () => {
  const tricky = constantFrom(
    0x61,
    0x80,
    0xbf,
    0xc0,
    0xc3,
    0xa9,
    0xe2,
    0x82,
    0xed,
    0xa0,
    0xf0,
    0x9f,
    0xf4,
    0xff,
  )
  assertThat(
    property(array(tricky, { maxLength: 12 }), pieceSizes, (list, sizes) => {
      const bytes = Uint8Array.from(list)
      assert.equal(decoded(bytes, sizes), expected(bytes))
    }),
    { numRuns: 2000 },
  )
})

test('a byte order mark is removed at the start, and nowhere else', () => {
  const mark = '\uFEFF'
  for (const size of [1, 2, 3, 4, 100]) {
    assert.equal(decoded(Buffer.from(`${mark}a${mark}b${mark}${mark}`), [size]), `a${mark}b${mark}${mark}`)
  }
})
