import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createJsonReporter } from '../../src/reporters/json-reporter.ts'
import { ended, FakeStream, finished, sampling, saved, started } from './story.ts'

test('every event is one line of JSON, as it is, and stdout holds nothing else', () => {
  const [stdout, stderr] = [new FakeStream(), new FakeStream()]
  const reporter = createJsonReporter({ stdout, stderr, color: false })
  const events = [
    started(1),
    ...sampling(1, 3),
    saved(1),
    finished(1, { seed: '18446744073709551615' }),
    ended(1),
  ]
  for (const event of events) reporter.sink(event)
  reporter.close()
  assert.deepEqual(
    stdout.lines.map((line) => JSON.parse(line) as unknown),
    events,
  )
  assert.equal(stderr.text, '')
})

test('no text from a server controls a terminal or breaks a line, and none is lost', () => {
  const stdout = new FakeStream()
  const reporter = createJsonReporter({ stdout, stderr: new FakeStream(), color: false })
  const text = 'a\x1B[2J\x9B2J\x7F\u2028b\nc'
  reporter.sink({ type: 'text-output', job: 1, node: '2', text })
  assert.doesNotMatch(stdout.text.replace(/\n$/, ''), /\p{Cc}|\u2028/u)
  assert.equal((JSON.parse(stdout.text) as { text: string }).text, text)
})

test('errors are told to people, too', () => {
  const stderr = new FakeStream()
  const reporter = createJsonReporter({ stdout: new FakeStream(), stderr, color: false })
  reporter.sink(started(1))
  reporter.sink(finished(1, { status: 'failed', error: { code: 'node-failed', message: 'boom' } }))
  assert.deepEqual(stderr.lines, ['error: boom                                           [node-failed]'])
})
