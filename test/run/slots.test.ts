import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Slots } from '../../src/run/slots.ts'

test('who finds no place waits for one, first come first served', async () => {
  const slots = new Slots(1)
  const order: string[] = []
  const release = await slots.take()
  const second = slots.take().then((give) => {
    order.push('second')
    give()
  })
  const third = slots.take().then((give) => {
    order.push('third')
    give()
  })
  order.push('first')
  release()
  await Promise.all([second, third])
  assert.deepEqual(order, ['first', 'second', 'third'])
})

test('giving back twice frees one place only', async () => {
  const slots = new Slots(1)
  const release = await slots.take()
  release()
  release()
  await slots.take()
  let isFree = false
  void slots.take().then(() => {
    isFree = true
  })
  await Promise.resolve()
  await Promise.resolve()
  assert.equal(isFree, false)
})
