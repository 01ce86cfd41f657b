import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NameRegister } from '../../src/plan/name-register.ts'
import { failureOf } from './helpers.ts'

test('settled names get the first free number', () => {
  const names = new NameRegister()
  names.claim('cat-3')
  assert.deepEqual(
    ['cat', 'dog', 'Cat', 'cat', 'cat'].map((name) => names.settle(name)),
    ['cat', 'dog', 'Cat-2', 'cat-4', 'cat-5'],
  )
})

test('a chosen name that is taken is an error that tells both places', async () => {
  const names = new NameRegister()
  names.claim('Hero', { file: 'jobs.csv', line: 2 })
  const { code, message } = await failureOf(() => names.claim('hero', { file: 'jobs.csv', line: 5 }))
  assert.equal(code, 'name-clash')
  assert.match(message, /jobs\.csv:2/)
  const sameRow = await failureOf(() => names.claim('HERO', { file: 'jobs.csv', line: 2 }))
  assert.match(sameRow.message, /another copy of this row/)
})

test('many jobs of one wanted name take no time', () => {
  const names = new NameRegister()
  let last = ''
  for (let job = 0; job < 20_000; job++) last = names.settle('same')
  assert.equal(last, 'same-20000')
})
