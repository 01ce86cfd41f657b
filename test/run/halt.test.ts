import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError } from '../../src/errors.ts'
import { parseHalt } from '../../src/run/halt.ts'

const decisions: readonly (readonly [
  rule: string,
  done: number,
  failed: number,
  jobs: number,
  what: string,
])[] = [
  ['never', 0, 1000, 1000, 'go'],
  ['soon,fail=3', 5, 2, 100, 'go'],
  ['soon,fail=3', 5, 3, 100, 'drain'],
  ['now,fail=1', 0, 0, 100, 'go'],
  ['now,fail=1', 0, 1, 100, 'cancel'],
  ['soon,fail=10%', 50, 9, 100, 'go'],
  ['soon,fail=10%', 50, 10, 100, 'drain'],
  ['now,fail=2.5%', 0, 24, 1000, 'go'],
  ['now,fail=2.5%', 0, 25, 1000, 'cancel'],
  ['now,fail=100%', 0, 4, 4, 'cancel'],
]
for (const [rule, done, failed, jobs, what] of decisions) {
  test(`${rule}: ${failed} of ${jobs} failed, ${done} done: ${what}`, () => {
    assert.equal(parseHalt(rule).decide({ done, failed, jobs }), what)
    assert.equal(parseHalt(rule).isNever, rule === 'never')
  })
}

test('a percentage waits until three jobs have ended, or all', () => {
  const rule = parseHalt('soon,fail=10%')
  assert.equal(rule.decide({ done: 0, failed: 2, jobs: 10 }), 'go')
  assert.equal(rule.decide({ done: 1, failed: 2, jobs: 10 }), 'drain')
  assert.equal(rule.decide({ done: 1, failed: 1, jobs: 2 }), 'drain')
})

test('an empty plan, and one without failures, goes on', () => {
  const rule = parseHalt('now,fail=1%')
  assert.equal(rule.decide({ done: 0, failed: 0, jobs: 0 }), 'go')
  assert.equal(rule.decide({ done: 9, failed: 0, jobs: 9 }), 'go')
})

test('case and blanks do not matter, and the rule keeps its text', () => {
  assert.equal(parseHalt(' Soon, fail=2 ').decide({ done: 0, failed: 2, jobs: 9 }), 'drain')
  assert.equal(parseHalt(' now,fail=2 ').text, 'now,fail=2')
})

const wrong = [
  '',
  'soon',
  'soon,fail',
  'soon,fail=0',
  'now,fail=-1',
  'now,fail=1.5',
  'now,fail=0%',
  'soon,fail=101%',
  'later,fail=1',
  'soon,fail=1e3',
  'soon,done=1',
  'fail=3',
]
for (const text of wrong) {
  test(`"${text}" is refused with an example`, () => {
    assert.throws(
      () => parseHalt(text),
      (error) =>
        error instanceof ComfyRunError &&
        error.code === 'bad-option' &&
        error.message.includes(`"${text}"`) &&
        error.hint?.includes('--halt soon,fail=3') === true,
    )
  })
}
