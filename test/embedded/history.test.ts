import assert from 'node:assert/strict'
import { test } from 'node:test'
import { History, type HistoryEntry } from '../../src/embedded/history.ts'

function entry(promptId: string, number = 0): HistoryEntry {
  return {
    item: { number, promptId, graph: {}, extraData: {}, outputs: [] },
    outcome: { succeeded: true, messages: [], outputs: new Map() },
  }
}

function historyOf(count: number): History {
  const history = new History()
  for (let index = 0; index < count; index++) history.add(entry(`p${index}`))
  return history
}

function ids(entries: readonly HistoryEntry[]): string[] {
  return entries.map(({ item }) => item.promptId)
}

test('pages count from the oldest; without an offset they are the newest', () => {
  const history = historyOf(4)
  assert.deepEqual(ids(history.page(undefined)), ['p0', 'p1', 'p2', 'p3'])
  assert.deepEqual(ids(history.page(2)), ['p2', 'p3'])
  assert.deepEqual(ids(history.page(2, -1)), ['p2', 'p3'])
  assert.deepEqual(ids(history.page(1, 1)), ['p1'])
  assert.deepEqual(ids(history.page(9)), ['p0', 'p1', 'p2', 'p3'])
  assert.deepEqual(ids(history.page(0)), [])
  assert.deepEqual(ids(history.page(undefined, 3)), ['p3'])
})

test('the same id again takes the place of the first', () => {
  const history = historyOf(2)
  history.add(entry('p0', 7))
  assert.deepEqual(ids(history.entries), ['p0', 'p1'])
  assert.equal(history.get('p0')?.item.number, 7)
})

test('10001 entries are kept', () => {
  const history = historyOf(10_005)
  assert.equal(history.entries.length, 10_001)
  assert.equal(history.get('p3'), undefined)
  assert.ok(history.get('p4'))
})

test('entries can be removed', () => {
  const history = historyOf(3)
  history.remove('p1')
  history.remove(5)
  assert.deepEqual(ids(history.entries), ['p0', 'p2'])
  history.clear()
  assert.deepEqual(history.entries, [])
})
