import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Places } from '../src/places.ts'
import { pointedAt } from './plan/helpers.ts'

test('a position becomes file, line, column, and the line itself', () => {
  const places = new Places('f', 'one\r\ntwo words\nend', 10)
  assert.deepEqual(places.at(9, 14, 'here'), {
    file: 'f',
    line: 11,
    column: 5,
    text: 'two words',
    length: 5,
    label: 'here',
  })
  assert.deepEqual(places.lineAt(16), { file: 'f', line: 12, text: 'end' })
})

test('of a part that goes on over the end of its line, the rest of the line is shown', () => {
  assert.equal(pointedAt(new Places('f', 'a "b\nc" d').at(2, 7)), '"b')
})

test('the end of the text has a place', () => {
  assert.deepEqual(new Places('f', 'ab\n').at(3, 4), { file: 'f', line: 2, column: 1, text: '', length: 1 })
})

test('a line that nobody reads is not shown', () => {
  assert.deepEqual(new Places('f', 'x'.repeat(100_000)).at(5, 6), { file: 'f', line: 1, column: 6 })
})

test('a place points at what stands there', () => {
  const character = fc.constantFrom('a', ' ', '\n', 'é', '🌊')
  fc.assert(
    fc.property(fc.array(character, { minLength: 1 }), fc.nat(), (characters, pick) => {
      const index = pick % characters.length
      const wanted = characters[index] ?? ''
      const start = characters.slice(0, index).join('').length
      const where = new Places('f', characters.join('')).at(start, start + wanted.length)
      assert.equal(pointedAt(where), wanted === '\n' ? '' : wanted)
      assert.equal(where.line, characters.slice(0, index).filter((one) => one === '\n').length + 1)
    }),
  )
})
