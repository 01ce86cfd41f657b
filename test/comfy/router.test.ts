import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Router } from '../../src/comfy/router.ts'
import type { BinaryFrame } from '../../src/protocol/frames.ts'
import type { JsonObject } from '../../src/protocol/json.ts'
import type { SocketMessage } from '../../src/protocol/messages.ts'

const picture = Uint8Array.from([1])
const image: BinaryFrame = { kind: 'image', format: 'png', image: picture }
const text: BinaryFrame = { kind: 'text', node: '3', text: 'half way' }
const withMetadata = (promptId: string): BinaryFrame => ({
  kind: 'image-with-metadata',
  format: 'png',
  node: '3',
  displayNode: '3',
  promptId,
  image: picture,
})

class Mailbox {
  readonly got: string[] = []
  message({ type }: SocketMessage): void {
    this.got.push(type)
  }
  frame({ kind }: BinaryFrame): void {
    this.got.push(kind)
  }
}

function message(type: string, data: JsonObject): SocketMessage {
  return { type, data }
}

function register(router: Router, promptId: string): Mailbox {
  const mailbox = new Mailbox()
  router.expect()
  router.settle(promptId, mailbox)
  return mailbox
}

test('each prompt gets its own messages, and nobody those of others', () => {
  const router = new Router()
  const [a, b] = [register(router, 'a'), register(router, 'b')]
  router.message(message('progress', { prompt_id: 'a' }))
  router.message(message('progress_state', { prompt_id: 'foreign' }))
  router.message(message('executing', { node: '3' })) // pitfall 7
  assert.deepEqual(a.got, ['progress']) // pitfall 10
  assert.deepEqual(b.got, [])
})

test('messages that come before the answer to the POST are kept, in order', () => {
  const router = new Router()
  router.expect()
  router.message(message('execution_start', { prompt_id: 'a' }))
  router.message(message('progress', { prompt_id: 'foreign' }))
  router.frame(withMetadata('a'))
  const mailbox = new Mailbox()
  router.settle('a', mailbox)
  router.message(message('executing', { prompt_id: 'a', node: null }))
  assert.deepEqual(mailbox.got, ['execution_start', 'image-with-metadata', 'executing'])
})

test('two POSTs at once: each finds its own among the kept messages', () => {
  const router = new Router()
  router.expect()
  router.expect()
  router.message(message('execution_start', { prompt_id: 'b' }))
  router.message(message('execution_start', { prompt_id: 'a' }))
  const [a, b] = [new Mailbox(), new Mailbox()]
  router.settle('a', a)
  router.settle('b', b)
  assert.deepEqual([a.got, b.got], [['execution_start'], ['execution_start']])
})

test('nothing is kept once every POST is answered, nor after a failed one', () => {
  const router = new Router()
  router.expect()
  router.message(message('execution_start', { prompt_id: 'late' }))
  router.settle()
  router.message(message('progress', { prompt_id: 'late' }))
  assert.deepEqual(register(router, 'late').got, [])
})

test('frames without any id belong to the prompt of ours that runs', () => {
  const router = new Router()
  const mailbox = register(router, 'a')
  router.frame(image)
  assert.deepEqual(mailbox.got, [])
  router.message(message('executing', { prompt_id: 'a', node: '3' }))
  router.frame(image)
  router.frame(text)
  assert.deepEqual(mailbox.got, ['executing', 'image', 'text'])
  router.message(message('executing', { prompt_id: 'a', node: null }))
  router.frame(image)
  assert.equal(mailbox.got.length, 4)
})

test('a foreign prompt that runs gets the frames without ids, not ours', () => {
  const router = new Router()
  const mailbox = register(router, 'a')
  router.message(message('execution_start', { prompt_id: 'a' }))
  router.message(message('executing', { prompt_id: 'a', node: null }))
  router.message(message('execution_start', { prompt_id: 'foreign' }))
  router.frame(image)
  assert.ok(!mailbox.got.includes('image'))
})

test('where images carry ids, one without is foreign', () => {
  const router = new Router()
  const mailbox = register(router, 'a')
  router.message(message('feature_flags', { supports_preview_metadata: true }))
  router.message(message('execution_start', { prompt_id: 'a' }))
  router.frame(image)
  router.frame(withMetadata('foreign'))
  assert.deepEqual(mailbox.got, ['execution_start']) // pitfall 11
  router.frame(withMetadata('a'))
  assert.deepEqual(mailbox.got, ['execution_start', 'image-with-metadata'])
  // What was agreed on holds for one connection.
  router.reset()
  router.message(message('executing', { prompt_id: 'a', node: '3' }))
  router.frame(image)
  assert.equal(mailbox.got.at(-1), 'image')
})

test('after a new connection, progress of a prompt of ours tells that it runs', () => {
  const router = new Router()
  const mailbox = register(router, 'a')
  router.reset()
  router.message(message('progress', { prompt_id: 'a', node: '3', value: 1, max: 2 }))
  router.frame(image)
  assert.deepEqual(mailbox.got, ['progress', 'image'])
})

test('a forgotten prompt gets nothing more', () => {
  const router = new Router()
  const mailbox = register(router, 'a')
  router.message(message('execution_start', { prompt_id: 'a' }))
  router.forget('a')
  router.message(message('executing', { prompt_id: 'a', node: null }))
  router.frame(image)
  assert.deepEqual(mailbox.got, ['execution_start'])
})

test('messages of unknown prompts are kept up to a size', () => {
  const router = new Router()
  router.expect()
  router.message(message('early', { prompt_id: 'a' }))
  router.message(message('large', { prompt_id: 'a', text: 'x'.repeat(2 ** 26) }))
  router.message(message('late', { prompt_id: 'a' }))
  const mailbox = new Mailbox()
  router.settle('a', mailbox)
  assert.deepEqual(mailbox.got, ['early'])
})
