import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as assertProperty, constantFrom, property } from 'fast-check'
import { QueueWatch, type Queued } from '../../src/comfy/queue-watch.ts'
import type { JsonObject } from '../../src/protocol/json.ts'
import type { SocketMessage } from '../../src/protocol/messages.ts'

function status(length: number): SocketMessage {
  return { type: 'status', data: { status: { exec_info: { queue_remaining: length } } } }
}

class Prompt implements Queued {
  readonly told: string[] = []
  reachedFront = (): void => void this.told.push('front')
  leftQueue = (): void => void this.told.push('left')
  queueShrank = (): void => void this.told.push('shrank')
}

/** A watch that has been told lengths of the queue. */
function watchOf(...lengths: number[]): QueueWatch {
  const watch = new QueueWatch()
  for (const length of lengths) watch.message(status(length))
  return watch
}

function posted(watch: QueueWatch, ...lengths: number[]): Prompt {
  const prompt = new Prompt()
  watch.expect()
  watch.settle(prompt)
  for (const length of lengths) watch.message(status(length))
  return prompt
}

test('the oldest of ours has left when the queue is shorter than what is ours', () => {
  const watch = watchOf(0)
  const a = posted(watch, 1, 1)
  const b = posted(watch, 2)
  assert.deepEqual([a.told, b.told], [['front'], []])
  watch.message(status(1))
  assert.deepEqual([a.told, b.told], [['front', 'left'], ['front']])
  watch.message(status(1))
  watch.message(status(0))
  assert.deepEqual(b.told, ['front', 'left'])
})

test('an answer that overtakes the message of the new length, and one that is overtaken', () => {
  const watch = watchOf(0)
  const a = posted(watch, 1)
  const b = posted(watch) // The message of the length 2 is still to come.
  watch.message(status(1))
  watch.message(status(2))
  assert.deepEqual([a.told, b.told], [['front'], []])
  watch.expect()
  for (const length of [3, 2, 1, 0]) watch.message(status(length))
  assert.deepEqual([a.told.at(-1), b.told.at(-1)], ['left', 'left'])
  const c = new Prompt()
  watch.settle(c) // It was answered when it had ended.
  assert.deepEqual(c.told, ['left'])
})

test('with prompts of others in the queue less is learnt, and everyone is told to look', () => {
  const watch = watchOf(2)
  const a = posted(watch, 3)
  watch.message(status(2))
  assert.deepEqual(a.told, ['front', 'shrank']) // pitfall 46
  watch.message(status(2))
  watch.message(status(3))
  assert.deepEqual(a.told, ['front', 'shrank'])
})

test('the queue tells of an end if it has told of others, and only ours are there', () => {
  const watch = watchOf(0)
  assert.equal(watch.willTell, false)
  posted(watch, 1, 0)
  assert.equal(watch.willTell, true)
  posted(watch)
  assert.equal(watch.willTell, true)
  watch.message(status(1))
  watch.message(status(2)) // Somebody else's.
  assert.equal(watch.willTell, false)
  watch.message(status(1))
  assert.equal(watch.willTell, true)
  watch.reset()
  assert.equal(watch.willTell, false)
  watch.message(status(1))
  assert.equal(watch.willTell, false)
})

test('a prompt whose end is known already is not waited for, and the next one is at the front', () => {
  const watch = watchOf(0)
  const [a, b] = [posted(watch, 1), posted(watch, 2)]
  watch.remove(a)
  watch.message(status(1))
  assert.deepEqual([a.told, b.told[0]], [['front'], 'front'])
  watch.message(status(0))
  assert.equal(b.told.at(-1), 'left')
  watch.remove(b)
})

test('a refused prompt is none', () => {
  const watch = watchOf(0)
  const a = posted(watch, 1)
  watch.expect()
  for (const length of [2, 1]) watch.message(status(length)) // Somebody else's, as it turns out.
  watch.settle()
  watch.message(status(0))
  assert.equal(a.told.at(-1), 'left')
  posted(watch, 1, 0)
  assert.equal(watch.willTell, true)
})

test('what was taken up from an earlier run is in the queue before what is posted', () => {
  const watch = watchOf(1)
  const b = posted(watch)
  const a = new Prompt()
  watch.add(a)
  watch.message(status(2))
  watch.message(status(1))
  assert.deepEqual([a.told, b.told.includes('left')], [['left'], false])
})

test('messages of anything else, and broken ones, are no news', () => {
  const watch = watchOf(0)
  const a = posted(watch, 1)
  const odd: JsonObject[] = [{}, { status: 1 }, { status: { exec_info: {} } }]
  for (const data of odd) watch.message({ type: 'status', data })
  watch.message({ ...status(0), type: 'progress' })
  assert.deepEqual(a.told, ['front'])
})

/** A server with a queue, whose answers and messages arrive when a test says so. */
class Model {
  readonly watch = watchOf(0)
  readonly sent: Prompt[] = []
  readonly queue: Prompt[] = []
  readonly unanswered: Prompt[] = []
  readonly accepted: Prompt[] = []
  readonly ended = new Set<Prompt>()
  /** Those of which messages may have been lost: they are looked for. */
  readonly doubtful = new Set<Prompt>()
  messages: SocketMessage[] = []

  post(): void {
    this.watch.expect()
    this.sent.push(new Prompt())
  }

  put(): void {
    const prompt = this.sent.shift()
    if (!prompt) return
    this.queue.push(prompt)
    this.unanswered.push(prompt)
    this.#changed()
  }

  begin(): void {
    if (this.queue.length > 0) this.#changed()
  }

  end(): void {
    const prompt = this.queue.shift()
    if (!prompt) return
    this.ended.add(prompt)
    this.#changed()
  }

  answer(): void {
    const prompt = this.unanswered.shift()
    if (!prompt) return
    this.watch.settle(prompt)
    this.accepted.push(prompt)
  }

  read(): void {
    const message = this.messages.shift()
    if (message) this.watch.message(message)
  }

  /** What was on its way is lost; the server says at once how long the queue is. */
  reconnect(): void {
    for (const prompt of [...this.accepted, ...this.unanswered, ...this.sent]) this.doubtful.add(prompt)
    this.messages = []
    this.watch.reset()
    this.#changed()
  }

  #changed(): void {
    this.messages.push(status(this.queue.length))
  }
}

const steps = ['post', 'put', 'begin', 'end', 'answer', 'read'] as const

test('however answers and messages overtake each other: each end is told once, not before it, and at once', () => {
  const some = array(constantFrom(...steps, 'read' as const), { minLength: 50, maxLength: 300 })
  assertProperty(
    property(some, (all) => {
      const model = new Model()
      const check = (): void => {
        for (const prompt of model.accepted) {
          const times = prompt.told.filter((word) => word === 'left').length
          const isOver = model.ended.has(prompt)
          assert.ok(isOver ? times <= 1 : times === 0)
          if (isOver && model.messages.length === 0) assert.equal(times, 1)
        }
      }
      for (const step of all) {
        model[step]()
        check()
      }
    }),
    { numRuns: 500 },
  )
})

test('after a new connection, with POSTs under way, what is posted anew is told of as before', () => {
  const some = array(constantFrom(...steps, 'read' as const, 'reconnect' as const), { maxLength: 100 })
  assertProperty(
    property(some, (all) => {
      const model = new Model()
      for (const step of all) model[step]()
      model.reconnect()
      const settle = (): void => {
        while (model.sent.length > 0) model.put()
        while (model.unanswered.length > 0) model.answer()
        while (model.messages.length > 0) model.read()
        while (model.queue.length > 0) model.end()
        while (model.messages.length > 0) model.read()
      }
      settle()
      const posted = Array.from({ length: 3 }, () => model.post()).length
      settle()
      const fresh = model.accepted.slice(-posted)
      assert.ok(fresh.every((prompt) => !model.doubtful.has(prompt)))
      for (const { told } of fresh) assert.deepEqual(told.filter((word) => word === 'left').length, 1)
      assert.equal(model.watch.willTell, true)
    }),
    { numRuns: 500 },
  )
})
