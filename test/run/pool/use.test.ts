import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UseAccount } from '../../../src/run/pool/use.ts'

test('busy is the time with a prompt; a job takes from its turn to its end', () => {
  let now = 0
  const use = new UseAccount(() => now)
  now = 1000
  use.arrived()
  now = 2000
  use.arrived()
  now = 5000
  assert.equal(use.runningFor, 4)
  assert.equal(use.departed(), 4)
  now = 6000
  assert.equal(use.departed(), 1)
  now = 10_000
  use.ended(true)
  use.ended(false)
  assert.deepEqual(use.report('a'), { server: 'a', jobs: 2, failed: 1, busySeconds: 5, busyShare: 0.5 })
})

test('of what jobs take, the latest counts most', () => {
  const use = new UseAccount(() => 0)
  assert.equal(use.secondsPerJob, undefined)
  use.took(1)
  assert.equal(use.secondsPerJob, 1)
  for (let job = 0; job < 5; job += 1) use.took(5)
  assert.ok((use.secondsPerJob ?? 0) > 4)
  use.took(1)
  assert.ok((use.secondsPerJob ?? 0) > 3)
})

test('the first job, which loads the models, counts only while it is the only one', () => {
  const use = new UseAccount(() => 0)
  use.took(60)
  assert.equal(use.secondsPerJob, 60)
  use.took(0.5)
  assert.equal(use.secondsPerJob, 0.5)
})

test('no job takes no time: a clock that counts milliseconds can not tell', () => {
  const use = new UseAccount(() => 0)
  use.took(0)
  assert.equal(use.secondsPerJob, 0.001)
})
