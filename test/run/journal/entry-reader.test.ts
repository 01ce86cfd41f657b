import assert from 'node:assert/strict'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { EntryReader } from '../../../src/run/journal/entry-reader.ts'
import { folderOf } from '../../rig/folder.ts'

test('lines are read in any order, however long they are, also after a close', (t) => {
  const path = join(folderOf(t), 'journal.jsonl')
  const lines = [
    'one ü',
    'x'.repeat(200_000),
    '',
    'two',
    ...Array.from({ length: 3000 }, (_, at) => `line ${at}`),
  ]
  writeFileSync(path, lines.join('\n'))
  const starts: number[] = []
  let position = 0
  for (const line of lines) {
    starts.push(position)
    position += Buffer.byteLength(line) + 1
  }
  const reader = new EntryReader(path)
  const order = [...lines.keys(), ...Array.from(lines.keys(), (at) => (at * 701) % lines.length)]
  for (const at of order) assert.equal(reader.lineAt(starts[at] ?? 0), lines[at])
  reader.close()
  assert.equal(reader.lineAt(starts[3] ?? 0), 'two')
  reader.close()
})

test('a line that had not ended when it was read is read anew', (t) => {
  const path = join(folderOf(t), 'journal.jsonl')
  writeFileSync(path, 'one\ntw')
  const reader = new EntryReader(path)
  assert.equal(reader.lineAt(0), 'one')
  appendFileSync(path, 'o\n')
  assert.equal(reader.lineAt(4), 'two')
  reader.close()
})

test('what is lent is not read from the file, and what is beyond it is', (t) => {
  const path = join(folderOf(t), 'journal.jsonl')
  writeFileSync(path, 'one\ntwo\nthree\nfour\n')
  const reader = new EntryReader(path)
  // From the second line on, and cut within the third.
  reader.lend(Buffer.from('TWO\nTHR'), 4, 7)
  assert.deepEqual(
    [0, 4, 8, 14].map((position) => reader.lineAt(position)),
    ['one', 'TWO', 'three', 'four'],
  )
  reader.takeBack()
  assert.equal(reader.lineAt(4), 'two')
  reader.close()
})
