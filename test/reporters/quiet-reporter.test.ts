import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createQuietReporter } from '../../src/reporters/quiet-reporter.ts'
import { ended, FakeStream, finished, sampling, saved, started } from './story.ts'

test('paths on stdout, errors on stderr, nothing else', () => {
  const [stdout, stderr] = [new FakeStream(), new FakeStream()]
  const reporter = createQuietReporter({ stdout, stderr, color: false })
  const error = { code: 'node-failed', message: 'boom' } as const
  const failure = finished(2, { status: 'failed', error })
  for (const event of [started(2), ...sampling(1, 3), saved(1), finished(1), failure, ended(2)])
    reporter.sink(event)
  reporter.close()
  assert.deepEqual(stdout.lines, ['out/fox_1.png'])
  assert.deepEqual(stderr.lines, [
    '[2/2] failed  fox_2  12.3 s',
    'error: boom                                           [node-failed]',
  ])
})
