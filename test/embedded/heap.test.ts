import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as assertProperty, integer, nat, property, uniqueArray } from 'fast-check'
import { Heap } from '../../src/embedded/heap.ts'

function heapOf(items: readonly number[]): Heap<number> {
  const heap = new Heap<number>((a, b) => a < b)
  for (const item of items) heap.push(item)
  return heap
}

function drained(heap: Heap<number>): number[] {
  const items: number[] = []
  for (let item = heap.pop(); item !== undefined; item = heap.pop()) items.push(item)
  return items
}

test('items come out in order', () => {
  assertProperty(
    property(array(integer()), (items) => {
      assert.deepEqual(
        drained(heapOf(items)),
        items.toSorted((a, b) => a - b),
      )
    }),
  )
})

test('the array is that of heapq', () => {
  // Python: h = []; [heappush(h, x) for x in (5, 3, 8, 1, 9, 2)]; h; heappop(h); h
  const heap = heapOf([5, 3, 8, 1, 9, 2])
  assert.deepEqual(heap.items, [1, 3, 2, 5, 9, 8])
  heap.pop()
  assert.deepEqual(heap.items, [2, 3, 8, 5, 9])
})

test('an item can be taken out of the middle', () => {
  assertProperty(
    property(uniqueArray(integer(), { minLength: 1 }), nat(), (items, index) => {
      const gone = items[index % items.length]
      const heap = heapOf(items)
      assert.ok(heap.remove((item) => item === gone))
      assert.ok(!heap.remove((item) => item === gone))
      assert.deepEqual(
        drained(heap),
        items.filter((item) => item !== gone).toSorted((a, b) => a - b),
      )
    }),
  )
})
