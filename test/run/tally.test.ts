import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError, type ErrorCode } from '../../src/errors.ts'
import type { JobStatus } from '../../src/events.ts'
import { Tally } from '../../src/run/tally.ts'

/** A tally of a plan with so many jobs, and how some of them ended. */
function tally(count: number, ...ends: readonly (JobStatus | ErrorCode)[]): Tally {
  const made = new Tally(count)
  for (const end of ends) {
    if (end === 'done' || end === 'cancelled' || end === 'lost' || end === 'failed') {
      made.add({ status: end, files: [] })
    } else {
      made.add({ status: 'failed', files: [], error: { code: end, message: '' } })
    }
  }
  return made
}

const exitCodes: readonly (readonly [Tally, number, string])[] = [
  [tally(0), 0, 'nothing to do'],
  [tally(1, 'done'), 0, 'one done'],
  [tally(2, 'done', 'done'), 0, 'all done'],
  [tally(1, 'node-failed'), 1, 'one failed'],
  [tally(1, 'workflow-rejected'), 5, 'one refused'],
  [tally(1, 'lost'), 1, 'one lost'],
  [tally(2, 'value-not-in-list', 'workflow-rejected'), 5, 'all refused'],
  [tally(2, 'node-failed', 'workflow-rejected'), 1, 'all failed, for several reasons'],
  [tally(2, 'done', 'workflow-rejected'), 3, 'some failed'],
  [tally(1, 'cancelled'), 1, 'cancelled by somebody else'],
  [tally(3, 'done', 'cancelled', 'done'), 3, 'one of three cancelled by somebody else'],
]
for (const [made, exitCode, name] of exitCodes) {
  test(`${name}: exit ${exitCode}`, () => assert.equal(made.exitCode(undefined, undefined), exitCode))
}

test('a stop by a signal gives the signal its code, unless everything was done', () => {
  assert.equal(tally(2, 'done').exitCode(130, undefined), 130)
  assert.equal(tally(2, 'done', 'cancelled').exitCode(143, undefined), 143)
  assert.equal(tally(1, 'done').exitCode(130, undefined), 0)
})

test('an error that ends the run gives the run its code', () => {
  const fatal = new ComfyRunError('server-unreachable', 'gone')
  assert.equal(tally(9, 'done', 'server-unreachable').exitCode(undefined, fatal), 4)
})

test('only failed checks: 6, also beside jobs that are done', () => {
  assert.equal(tally(3, 'done', 'check-failed', 'done').exitCode(undefined, undefined), 6)
  assert.equal(tally(3, 'done', 'check-failed', 'node-failed').exitCode(undefined, undefined), 3)
})

test('what an earlier run has settled counts', () => {
  const made = tally(2, 'done')
  made.skip(undefined)
  assert.deepEqual([made.exitCode(undefined, undefined), made.notRun], [0, 0])
  const failed = tally(1)
  failed.skip('workflow-rejected')
  assert.equal(failed.exitCode(undefined, undefined), 5)
})

test('a plan that an earlier run has done as a whole: exit 0', () => {
  const made = tally(3)
  made.skipAll()
  assert.deepEqual([made.exitCode(undefined, undefined), made.skipped, made.notRun], [0, 3, 0])
})

test('jobs that were never begun are counted', () => {
  assert.equal(tally(9, 'done', 'failed', 'cancelled').notRun, 6)
})
