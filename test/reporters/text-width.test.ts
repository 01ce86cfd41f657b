import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cutToWidth, padToWidth, textWidth } from '../../src/reporters/text-width.ts'

const widths: readonly (readonly [text: string, width: number])[] = [
  ['', 0],
  ['fox', 3],
  ['grüße', 5],
  ['e\u0301', 1],
  ['日本語', 6],
  ['한국', 4],
  ['ｆｏｘ', 6],
  ['🦊', 2],
  ['👩‍🚀', 2],
  ['🇫🇷', 2],
  ['❤️', 2],
  ['█░', 2],
  ['…', 1],
]

test('widths are those of a terminal', () => {
  for (const [text, width] of widths) assert.equal(textWidth(text), width, text)
})

test('a text is cut where it fits, between whole characters', () => {
  assert.equal(cutToWidth('lighthouse', 10), 'lighthouse')
  assert.equal(cutToWidth('lighthouse', 9), 'lighthou…')
  assert.equal(cutToWidth('日本語', 6), '日本語')
  assert.equal(cutToWidth('日本語', 5), '日本…')
  assert.equal(cutToWidth('日本語', 4), '日…')
  assert.equal(cutToWidth('fox', 0), '')
})

test('no cut text is wider than asked for, and padding fills up exactly', () => {
  const unit = fc.constantFrom('a', '日', 'e\u0301', '🦊', '👩‍🚀', ' ')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), fc.nat(40), (text, columns) => {
      const cut = cutToWidth(text, columns)
      assert.ok(textWidth(cut) <= columns)
      assert.equal(textWidth(padToWidth(cut, columns)), columns)
    }),
  )
})
