import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QueueItem } from '../../src/embedded/item.ts'
import { Queue } from '../../src/embedded/queue.ts'

function item(number: number, promptId: string): QueueItem {
  return { number, promptId, graph: {}, extraData: {}, outputs: [] }
}

test('lower numbers come first, equal ones by id', async () => {
  const queue = new Queue(() => {})
  for (const [number, id] of [
    [2, 'c'],
    [0.5, 'b'],
    [-3, 'a'],
    [2, 'a'],
  ] as const) {
    queue.put(item(number, id))
  }
  const taken: string[] = []
  while (queue.remaining > 0) {
    const next = await queue.take()
    taken.push(`${next?.number} ${next?.promptId}`)
    queue.finish()
  }
  assert.deepEqual(taken, ['-3 a', '0.5 b', '2 a', '2 c'])
})

test('every change is told with what remains', async () => {
  const told: number[] = []
  const queue: Queue = new Queue(() => told.push(queue.remaining))
  queue.put(item(1, 'a'))
  queue.put(item(2, 'b'))
  await queue.take()
  queue.remove('nobody')
  queue.remove('b')
  queue.finish()
  queue.clear()
  assert.deepEqual(told, [1, 2, 2, 1, 0, 0])
})

test('the running one cannot be removed', async () => {
  const queue = new Queue(() => {})
  queue.put(item(1, 'a'))
  await queue.take()
  assert.ok(!queue.remove('a'))
  assert.equal(queue.running?.promptId, 'a')
})

test('a waiting taker is told when the queue closes', async () => {
  const queue = new Queue(() => {})
  const taken = queue.take()
  queue.close()
  assert.equal(await taken, undefined)
})

test('what waits is taken at once: nothing else happens in between', async () => {
  const queue = new Queue(() => {})
  queue.put(item(1, 'a'))
  queue.put(item(2, 'b'))
  await queue.take()
  queue.finish()
  let isLater = false
  setImmediate(() => {
    isLater = true
  })
  assert.equal((await queue.take())?.promptId, 'b')
  assert.ok(!isLater)
})

test('what comes to an empty queue is taken when the answer to its request is out', async () => {
  const queue = new Queue(() => {})
  const taken = queue.take()
  let isAnswered = false
  setImmediate(() => {
    isAnswered = true
  })
  queue.put(item(1, 'a'))
  assert.equal((await taken)?.promptId, 'a')
  assert.ok(isAnswered)
})
