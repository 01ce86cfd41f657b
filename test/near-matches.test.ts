import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean, nearMatches } from '../src/near-matches.ts'

test('slips of the finger are found, nearest first', () => {
  assert.deepEqual(nearMatches('stpes', ['seed', 'steps', 'denoise']), ['steps'])
  assert.deepEqual(nearMatches('dpmpp_3m_sed', ['dpmpp_2m_sde', 'dpmpp_3m_sde', 'euler'])[0], 'dpmpp_3m_sde')
})

test('case, blanks, dashes and the path separators of the other system do not count', () => {
  assert.deepEqual(nearMatches('xl/Base-1', ['XL\\base_1', 'other']), ['XL\\base_1'])
})

test('a beginning is near to what it begins', () => {
  assert.deepEqual(nearMatches('dpmpp', ['dpmpp_3m_sde', 'lcm']), ['dpmpp_3m_sde'])
})

test('nothing near is nothing', () => {
  assert.deepEqual(nearMatches('zebra', ['cfg', 'steps']), [])
  assert.equal(didYouMean('zebra', ['cfg', 'steps']), undefined)
})

test('at most three are told', () => {
  assert.equal(nearMatches('fox', ['fox1', 'fox2', 'fox3', 'fox4']).length, 3)
  assert.equal(didYouMean('fox', ['fox1', 'fox2']), 'did you mean "fox1" or "fox2"?')
})
