import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cleanPart, cutBytes, longestPart, sameFileKey, slug } from '../../src/plan/file-names.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...Array.from('con.aux:/\\ \t\u0000\u202e"*?<>|é🌊1')), maxLength: 200 }),
)

test('a slug is the words of a text', () => {
  assert.equal(slug('A lighthouse, at dusk!'), 'a-lighthouse-at-dusk')
  assert.equal(slug("Don't (masterpiece:1.2)"), 'dont-masterpiece-1-2')
  assert.equal(slug('灯台の夕暮れ – Ünïcode'), '灯台の夕暮れ-ünïcode')
  assert.equal(slug('🌊 !?'), '')
})

test('a slug is cut after a word', () => {
  assert.equal(slug('a lighthouse at dusk', 12), 'a-lighthouse')
  assert.equal(slug('a lighthouse at dusk', 11), 'a')
  assert.equal(slug('lighthouse', 5), 'light')
})

test('parts are cleaned', () => {
  const cases: [text: string, part: string][] = [
    ['a/b\\c:d*e?"<f>|g', 'a-b-c-d-e-f-g'],
    ['../..', '-'],
    ['..', ''],
    ['. hidden. ', 'hidden'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['COM¹', '_COM¹'],
    ['console', 'console'],
    ['two\n\n lines\u0007', 'two lines-'],
    ['e\u0301', 'é'],
    ['right\u202eleft', 'right-left'],
  ]
  for (const [text, part] of cases) assert.equal(cleanPart(text), part, JSON.stringify(text))
})

test('any text becomes a part that every file system takes, and stays as it is when cleaned again', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const part = cleanPart(text)
      assert.ok(Buffer.byteLength(part) <= longestPart)
      assert.doesNotMatch(part, /[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]/u)
      assert.doesNotMatch(part, /^[. ]|[. ]$/)
      assert.doesNotMatch(part, /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i)
      assert.equal(cleanPart(part), part)
    }),
    { numRuns: 1000 },
  )
})

test('a slug is never wider than asked, and clean', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 60 }), (text, width) => {
      const words = slug(text, width)
      assert.ok(Array.from(words).length <= width)
      assert.match(words, /^(?:[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*)?$/u)
      assert.equal(words, words.toLowerCase())
    }),
    { numRuns: 500 },
  )
})

test('cutting by bytes never halves a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, bytes) => {
      const start = cutBytes(text, bytes)
      assert.ok(text.startsWith(start) && Buffer.byteLength(start) <= bytes)
      const next = text.slice(start.length).codePointAt(0)
      if (next !== undefined) {
        assert.ok(Buffer.byteLength(start + String.fromCodePoint(next)) > bytes)
      }
    }),
  )
})

test('names that differ by case or composition are one file somewhere', () => {
  assert.equal(sameFileKey('Café'), sameFileKey('cafe\u0301'))
  assert.notEqual(sameFileKey('cafe'), sameFileKey('café'))
})

test('a slug is the same whichever way it is made', () => {
  // The letter outside ASCII takes the other way; it comes after what is compared.
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      const [plain, other] = [slug(text), slug(`${text} é`)]
      assert.equal(other, plain === '' ? 'é' : `${plain}-é`)
      if (plain !== '')
        assert.equal(slug(text, width), slug(`${text} éééééééééééééééééééééééééééééééé`, width))
    }),
  )
})
