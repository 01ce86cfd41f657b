import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { resolvePrompt } from '../../../src/workflow/convert/dynamic-prompt.ts'

const first = (): number => 0
const last = (): number => 0.999

const prompts: readonly (readonly [prompt: string, first: string, last: string])[] = [
  ['a {red|green|blue} fox', 'a red fox', 'a blue fox'],
  ['{a|b} {c|d}', 'a c', 'b d'],
  ['{a {quick|slow} fox|a hen}', 'a quick fox', 'a hen'],
  ['{|nothing}!', '!', 'nothing!'],
  ['{alone}', 'alone', 'alone'],
  ['a | b } c', 'a | b } c', 'a | b } c'],
  ['{a|b', 'a', 'b'],
  ['{a|{b|c', 'a', 'c'],
  ['\\{a\\|b\\} {c|d}', '{a|b} c', '{a|b} d'],
  ['{a\\|b|c}', 'a|b', 'c'],
  ['(x:1.2) \\(y\\) \\', '(x:1.2) \\(y\\) \\', '(x:1.2) \\(y\\) \\'],
  ['a /* {not|this} */ fox // nor this\nruns', 'a  fox \nruns', 'a  fox \nruns'],
]
for (const [prompt, withFirst, withLast] of prompts) {
  test(`${JSON.stringify(prompt)} is resolved`, () => {
    assert.equal(resolvePrompt(prompt, first), withFirst)
    assert.equal(resolvePrompt(prompt, last), withLast)
  })
}

test('a text without braces, comments and backslashes stays, whatever else it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const plain = text.replaceAll(/[{}\\/]/g, '')
      assert.equal(resolvePrompt(plain, first), plain)
    }),
  )
})

test('braces of any depth and number are read', () => {
  assert.equal(resolvePrompt(`${'{'.repeat(50_000)}a|b`, last), 'b')
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('{', '}', '|', '\\', '/', '*', 'a', '\n') }), (text) => {
      assert.equal(typeof resolvePrompt(text, Math.random), 'string')
    }),
  )
})
