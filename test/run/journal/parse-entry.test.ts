import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseEntry } from '../../../src/run/journal/parse-entry.ts'

test('an entry that has what is needed of it is read, whatever else it holds', () => {
  const done = { type: 'done', key: 'k', more: [1] }
  assert.deepEqual(parseEntry(JSON.stringify(done)), done)
  assert.deepEqual(parseEntry('{"type":"end","isComplete":true}'), { type: 'end', isComplete: true })
})

test('what is torn, of another type, or lacks something is left out', () => {
  for (const line of [
    '',
    '{"type":"done","key":"k"',
    'null',
    '[]',
    '"done"',
    '{"type":"other","key":"k"}',
    '{"type":"done","key":1}',
    '{"type":"failed","key":"k"}',
    '{"type":"toString","key":"k"}',
  ])
    assert.equal(parseEntry(line), undefined, line)
})
