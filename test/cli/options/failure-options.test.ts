import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command, CommanderError } from 'commander'
import { addFailureOptions, type FailureFlags } from '../../../src/cli/options/failure-options.ts'

/** What a command gets from these arguments. */
function parse(...argv: readonly string[]): FailureFlags {
  const command = addFailureOptions(new Command('batch')).exitOverride()
  command.configureOutput({ writeErr: () => {} })
  return command.parse(argv, { from: 'user' }).opts<FailureFlags>()
}

test('by default jobs are tried again twice, and nothing ends the run', () => {
  const { halt, ...flags } = parse()
  assert.deepEqual(flags, { retries: 2 })
  assert.equal(halt.decide({ done: 0, failed: 99, jobs: 99 }), 'go')
})

test('all options together', () => {
  const { halt, ...flags } = parse(
    ...'--retries 0 --halt now,fail=2 --max-jobs 10 --max-duration 2h --failed-out failed.csv'.split(' '),
  )
  assert.deepEqual(flags, { retries: 0, maxJobs: 10, maxDuration: 7200, failedOut: 'failed.csv' })
  assert.equal(halt.decide({ done: 0, failed: 2, jobs: 99 }), 'cancel')
})

const wrong: readonly (readonly [string, string])[] = [
  ['--retries', '-1'],
  ['--retries', '1.5'],
  ['--retries', 'many'],
  ['--max-jobs', '0'],
  ['--max-duration', 'tomorrow'],
]
for (const argv of wrong) {
  test(`${argv.join(' ')} is refused`, () => {
    assert.throws(
      () => parse(...argv),
      (error) => error instanceof CommanderError && error.exitCode !== 0,
    )
  })
}

test('--halt with a rule that is none is refused', () => {
  assert.throws(() => parse('--halt', 'soon'), { code: 'bad-option' })
})
