import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NameClash, NameRegister } from '../../src/plan/name-register.ts'
import { failureOf } from './helpers.ts'

test('settled names get the first free number', () => {
  const names = new NameRegister()
  names.claim('cat-3')
  assert.deepEqual(
    ['cat', 'dog', 'Cat', 'cat', 'cat'].map((name) => names.settle(name)),
    ['cat', 'dog', 'Cat-2', 'cat-4', 'cat-5'],
  )
})

test('a chosen name that is taken is an error that may be given its place', async () => {
  const names = new NameRegister()
  names.claim('Hero')
  const error = await failureOf(() => names.claim('hero'))
  assert.ok(error instanceof NameClash)
  assert.deepEqual([error.code, error.jobName], ['name-clash', 'hero'])
  const where = { file: 'jobs.csv', line: 5 }
  assert.deepEqual([error.at(where).where, error.at(where).jobName], [where, 'hero'])
})

test('many jobs of one wanted name take no time', () => {
  const names = new NameRegister()
  let last = ''
  for (let job = 0; job < 20_000; job++) last = names.settle('same')
  assert.equal(last, 'same-20000')
})

test('it tells whether no two names were equal; where that is known, each name is taken as it is', () => {
  const names = new NameRegister()
  names.settle('cat')
  names.claim('dog')
  assert.equal(names.areDistinct, true)
  assert.equal(names.settle('dog'), 'dog-2')
  assert.equal(names.areDistinct, false)
  const known = new NameRegister({ areDistinct: true })
  assert.deepEqual([known.settle('cat'), known.settle('cat')], ['cat', 'cat'])
  known.claim('cat')
  assert.equal(known.areDistinct, true)
})
