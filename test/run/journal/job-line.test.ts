import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyHash } from '../../../src/run/journal/key-hash.ts'
import { keyAt, readDoneLine, readJobLine } from '../../../src/run/journal/job-line.ts'

const key = '0123456789abcdef0123456789abcdef'
const at = '2026-11-25T17:05:30.000Z'
const done = { type: 'done', key, name: 'ü"seconds":9', files: [], seconds: 1.5, server: 'x' }

function read(entry: object, cut = 0): unknown {
  const line = Buffer.from(`x${JSON.stringify(entry)}`)
  return readJobLine(line, 1, line.length - cut)
}

test('the key of a job, and how long it took', () => {
  assert.deepEqual(read({ ...done, at }), { key, seconds: 1.5 })
  assert.deepEqual(read({ ...done, rehearsal: true, at }), { key })
  assert.deepEqual(read({ type: 'submitted', key, name: 'a', promptId: 'p', at }), { key })
  assert.deepEqual(read({ type: 'failed', key, name: 'a', code: 'internal', message: '"seconds":3', at }), {
    key,
  })
})

test('lines that are not whole, or not as we write them, are left to others', () => {
  for (let cut = 1; cut < 100; cut++) assert.equal(read({ ...done, at }, cut), undefined)
  assert.equal(read(done), undefined)
  assert.equal(read({ type: 'run', scope: 'batch', at }), undefined)
  assert.equal(read({ type: 'done', key: 'a"b', at }), undefined)
  assert.equal(read({ type: 'done', key: 'ü', at }), undefined)
  assert.equal(read({ key, type: 'done', at }), undefined)
})

test('keys of any form have a hash', () => {
  assert.equal(keyHash('10000000000000000000'), 2 ** 48)
  assert.equal(keyHash('ABC'), keyHash('ABC'))
  assert.notEqual(keyHash('one'), keyHash('two'))
})

test('a done line with one file is read as JSON would; others are left to it', () => {
  const files = [{ path: 'ü/a.png', bytes: 12, sha256: 'ab12' }]
  const { seconds: _seconds, server: _server, ...wanted } = { ...done, name: 'ü', files }
  for (const more of [{}, { rehearsal: true as const }]) {
    assert.deepEqual(readDoneLine(JSON.stringify({ ...done, name: 'ü', files, ...more, at })), {
      ...wanted,
      ...more,
    })
  }
  for (const other of [[], [...files, ...files], [{ ...files[0], path: 'a"b.png' }]]) {
    assert.equal(readDoneLine(JSON.stringify({ ...done, files: other, at })), undefined)
  }
  assert.equal(readDoneLine(JSON.stringify({ ...done, type: 'failed', files, at })), undefined)
})

test('the key of any line as we write them, and no further than its end', () => {
  const line = Buffer.from(`${JSON.stringify({ type: 'submitted', key })}\n{"type":"done","key":"next"}`)
  const end = line.indexOf('\n')
  assert.equal(keyAt(line, 0, end), key)
  assert.equal(keyAt(line, end + 1, line.length), 'next')
  for (let cut = 2; cut < end; cut++) assert.equal(keyAt(line, 0, end - cut), undefined)
})
