import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Causes } from '../../src/reporters/causes.ts'
import { finished } from './story.ts'

function fail(
  causes: Causes,
  job: number,
  message: string,
  code: 'node-failed' | 'disk-failed' = 'node-failed',
): void {
  causes.add(finished(job, { status: 'failed', error: { code, message } }))
}

test("messages that differ only in what is the job's own tell one cause", () => {
  const causes = new Causes()
  fail(causes, 1, 'fox_1 took 1.5 GiB and 70000 bytes')
  fail(causes, 2, 'fox_2 took 2.25 GiB and 123456 bytes')
  fail(causes, 3, 'HTTP 404')
  fail(causes, 4, 'HTTP 500')
  assert.deepEqual(
    causes.list().map(({ message, jobs, which }) => [message, jobs, which]),
    [
      ['fox_1 took 1.5 GiB and 70000 bytes', 2, 'fox_1, fox_2'],
      ['HTTP 404', 1, 'fox_3'],
      ['HTTP 500', 1, 'fox_4'],
    ],
  )
})

test('a name that is a word of the message splits no cause; another code does', () => {
  const causes = new Causes()
  const error = { code: 'node-failed', message: 'out of memory' } as const
  causes.add(finished(1, { status: 'failed', name: 'memory', error }))
  causes.add(finished(2, { status: 'lost', name: 'out', error }))
  fail(causes, 3, 'out of memory', 'disk-failed')
  assert.deepEqual(
    causes.list().map(({ code, jobs }) => [code, jobs]),
    [
      ['node-failed', 2],
      ['disk-failed', 1],
    ],
  )
})

test('jobs that did not fail have no cause, and a status is a message', () => {
  const causes = new Causes()
  causes.add(finished(1))
  causes.add(finished(2, { status: 'cancelled' }))
  causes.add(finished(3, { status: 'lost' }))
  assert.deepEqual(causes.list(), [{ message: 'lost', jobs: 1, which: 'fox_3' }])
})

test('there is an end to the causes that are kept', () => {
  const causes = new Causes()
  for (let job = 1; job <= 1003; job += 1) fail(causes, job, `fault ${'i'.repeat(job)}`)
  assert.equal(causes.list().length, 1000)
  assert.equal(causes.others, 3)
  fail(causes, 1, 'fault i')
  assert.equal(causes.list()[0]?.jobs, 2)
})
