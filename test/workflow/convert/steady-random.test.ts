import assert from 'node:assert/strict'
import { test } from 'node:test'
import { steadyRandom } from '../../../src/workflow/convert/steady-random.ts'

function draws(text: string): number[] {
  const random = steadyRandom(Buffer.from(text))
  return Array.from({ length: 1000 }, random)
}

test('the same bytes give the same numbers, others give others', () => {
  assert.deepEqual(draws('a fox'), draws('a fox'))
  assert.notDeepEqual(draws('a fox'), draws('a cat'))
})

test('the numbers are spread over 0 to 1, without 1', () => {
  const numbers = draws('a fox')
  assert.ok(numbers.every((number) => number >= 0 && number < 1))
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = numbers.filter((number) => Math.floor(number * 10) === tenth).length
    assert.ok(share > 60 && share < 140, `${share} numbers from ${tenth / 10}`)
  }
})
