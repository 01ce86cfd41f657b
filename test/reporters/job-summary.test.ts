import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Causes } from '../../src/reporters/causes.ts'
import { jobSummary } from '../../src/reporters/job-summary.ts'
import { ended, finished } from './story.ts'

function causesOf(...messages: readonly string[]): Causes {
  const causes = new Causes()
  for (const [index, message] of messages.entries()) {
    const origin = { file: 'shots.csv', line: index + 2 }
    causes.add(finished(index + 1, { status: 'failed', origin, error: { code: 'node-failed', message } }))
  }
  return causes
}

test('how the jobs ended, and why they failed', () => {
  const finishedRun = ended(20, { done: 17, failed: 3, files: 17, exitCode: 3 })
  assert.equal(
    jobSummary(finishedRun, causesOf('no mask', 'no mask', 'too big')),
    `### comfy-run: not all done (20 jobs)

| jobs |  |
| --- | --- |
| done | 17 |
| failed | 3 |
| files | 17 |
| time | 4 min 10 s |
| exit code | 3 |

| failed jobs | cause | code | rows |
| --- | --- | --- | --- |
| 2 | no mask | node-failed | shots.csv\\:2-3 |
| 1 | too big | node-failed | shots.csv\\:4 |

`,
  )
})

test('a run that is done has no failures to show, and says 0 failed', () => {
  const text = jobSummary(ended(2), new Causes())
  assert.match(text, /^### comfy-run: all done \(2 jobs\)\n/)
  assert.match(text, /\| failed \| 0 \|/)
  assert.doesNotMatch(text, /cause|cancelled|not run/)
})

test('the error that ended the run is said', () => {
  const error = { code: 'server-unreachable', message: 'no answer from http://gpu' } as const
  const text = jobSummary(ended(2, { done: 0, notRun: 2, exitCode: 4, error }), new Causes())
  assert.match(text, /ended early: no answer from http\\:\/\/gpu \(server-unreachable\)/)
})

test('nothing in a message is Markdown, HTML or a control character, and none is endless', () => {
  const text = jobSummary(ended(1), causesOf('\x1B[31m<img src=x> | [a](b)\n# @team `x`', 'y'.repeat(9999)))
  assert.match(text, /\| 1 \| \\<img src=x\\> \\\| \\\[a\\\]\\\(b\\\) \\# \\@team \\`x\\` \|/)
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(text, /[\x00-\x09\x0B-\x1F]/)
  assert.ok(text.length < 2000)
})

test('many causes do not fill the page', () => {
  const messages = Array.from({ length: 60 }, (_, index) => `fault ${'i'.repeat(index)}`)
  const text = jobSummary(ended(60), causesOf(...messages))
  assert.match(text, /\| 10 \| other causes \|/)
})
