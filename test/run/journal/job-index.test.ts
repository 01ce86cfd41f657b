import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { array, assert as assertThat, constantFrom, oneof, property, string } from 'fast-check'
import { EntryReader } from '../../../src/run/journal/entry-reader.ts'
import { JobIndex } from '../../../src/run/journal/job-index.ts'
import { keyHash } from '../../../src/run/journal/key-hash.ts'
import { folderOf } from '../../rig/folder.ts'

interface Line {
  readonly key: string
  readonly name: string
}

/** An index of a journal that holds these lines. */
function indexOf(t: TestContext, lines: readonly Line[]): JobIndex {
  const path = join(folderOf(t), 'journal.jsonl')
  const texts = lines.map((line) => `${JSON.stringify({ type: 'done', ...line })}\n`)
  writeFileSync(path, texts.join(''))
  const index = new JobIndex(new EntryReader(path))
  let position = 0
  for (const [at, { key }] of lines.entries()) {
    index.set(key, position)
    position += Buffer.byteLength(texts[at] ?? '')
  }
  t.after(() => index.close())
  return index
}

const keyOf = (job: number): string => createHash('sha256').update(String(job)).digest('hex').slice(0, 32)

test('of more jobs than two tables hold each has its last entry, and no other', (t) => {
  const jobs = 60_000
  const lines = Array.from({ length: jobs + 2000 }, (_, line) => ({
    key: keyOf(line % jobs),
    name: `name ${line} ü`,
  }))
  const index = indexOf(t, lines)
  assert.equal(index.size, jobs)
  for (let job = 0; job < jobs; job += 1) {
    assert.equal(index.get(keyOf(job))?.name, `name ${job < 2000 ? job + jobs : job} ü`)
  }
  assert.equal(index.get(keyOf(jobs)), undefined)
})

test('jobs whose keys have one hash are kept apart', (t) => {
  const [first, second, third] = ['a', 'b', 'c'].map((end) => `0123456789abcdef${end}`)
  assert.ok(first !== undefined && second !== undefined && third !== undefined)
  assert.equal(keyHash(first), keyHash(second))
  const index = indexOf(t, [
    { key: first, name: 'one' },
    { key: second, name: 'two' },
    { key: first, name: 'three' },
  ])
  assert.equal(index.size, 2)
  assert.deepEqual([index.get(first)?.name, index.get(second)?.name], ['three', 'two'])
  assert.equal(index.get(third), undefined)
})

test('keys of any form, in any order, have their last entries', (t) => {
  const keys = oneof(string({ unit: 'binary', maxLength: 3 }), constantFrom('"', '\\', 'ü', keyOf(1)))
  const sameAsMap = property(array(keys), (list) => {
    const lines = list.map((key, at) => ({
      key: key.replaceAll(/[\uD800-\uDFFF]/g, '?'),
      name: `name ${at}`,
    }))
    const last = new Map(lines.map(({ key, name }) => [key, name]))
    const index = indexOf(t, lines)
    assert.equal(index.size, last.size)
    for (const [key, name] of last) assert.equal(index.get(key)?.name, name)
    index.close()
  })
  assertThat(sameAsMap, { numRuns: 50 })
})

test('positions beyond 4 GB are kept whole', () => {
  const asked: number[] = []
  const entry = Buffer.from(JSON.stringify({ type: 'done', key: 'a', name: 'far' }))
  class FarReader extends EntryReader {
    override within<T>(position: number, use: (bytes: Buffer, from: number, to: number) => T): T {
      asked.push(position)
      return use(entry, 0, entry.length)
    }
  }
  const index = new JobIndex(new FarReader('nowhere'))
  for (const position of [2 ** 32 + 5, 2 ** 38 - 1]) {
    index.set('a', position)
    assert.equal(index.get('a')?.key, 'a')
    assert.equal(asked.at(-1), position)
  }
  assert.throws(() => index.set('a', 2 ** 38), RangeError)
})

test('which entry of a job is its last is known without reading', (t) => {
  const [first, second] = ['0123456789abcdefa', '0123456789abcdefb']
  const lines = [
    { key: first, name: 'one' },
    { key: second, name: 'two' },
    { key: first, name: 'three' },
  ]
  const index = indexOf(t, lines)
  const [one, two] = lines.map((line) => JSON.stringify({ type: 'done', ...line }).length + 1)
  assert.ok(one !== undefined && two !== undefined)
  assert.equal(index.isLast(first, 0), false)
  assert.equal(index.isLast(second, one), true)
  assert.equal(index.isLast(first, one + two), true)
  assert.equal(index.isLast('another', 0), false)
})
