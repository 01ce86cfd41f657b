import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from '../../src/plan/text-source.ts'
import { all, failureOf } from './helpers.ts'

async function* cutBytes(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test('characters that are cut between two pieces come out whole', async () => {
  const text = 'né 🌊\n灯台'
  for (const size of [1, 2, 3, 5]) {
    assert.equal((await all(decode('f', cutBytes(Buffer.from(text), size)))).join(''), text)
  }
})

test('what is not UTF-8 is refused at its line', async () => {
  const bytes = Buffer.concat([Buffer.from('one\ntwo\n'), Buffer.from([0x63, 0xe9, 0x20])])
  const error = await failureOf(() => all(decode('jobs.csv', cutBytes(bytes, 4))))
  assert.equal(error.code, 'file-unreadable')
  assert.deepEqual(error.where, { file: 'jobs.csv', line: 3 })
  const cutShort = await failureOf(() => all(decode('f', cutBytes(Buffer.from([0x61, 0xc3]), 9))))
  assert.equal(cutShort.code, 'file-unreadable')
})

test('a source that fails is unreadable', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a')
    throw new Error('disk on fire')
  }
  assert.match((await failureOf(() => all(decode('f', failing())))).message, /disk on fire/)
})
