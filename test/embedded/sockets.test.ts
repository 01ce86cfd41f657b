import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { Sockets } from '../../src/embedded/sockets.ts'
import { decodeFrame } from '../../src/protocol/frames.ts'
import type { JsonObject } from '../../src/protocol/json.ts'
import { isEnd, isType, startClient } from './client.ts'
import { deferred } from './deferred.ts'

const working = {
  1: { class_type: 'Number', inputs: { value: 1 } },
  2: { class_type: 'Work', inputs: { value: ['1', 0], steps: 2 } },
  3: { class_type: 'Save', inputs: { value: ['2', 0], mode: 'fast' } },
}

test('without the flag previews are type 1 and come after the progress', async (t) => {
  const client = await startClient(t)
  const listener = await client.socket('plain')
  await client.prompt(working, { client_id: 'plain' })
  await listener.until(isEnd)
  const kinds = listener.kinds()
  assert.equal(kinds[kinds.indexOf('progress') + 1], 'binary 1')
  assert.ok(!kinds.includes('binary 4'))
})

test('a preview with metadata names its prompt', async (t) => {
  const client = await startClient(t)
  const listener = await client.socket('me', { flags: true })
  const id = await client.prompt(working, { client_id: 'me' })
  await listener.until(isEnd)
  const frame = listener.frames.find((frame) => Buffer.isBuffer(frame))
  const decoded = frame && decodeFrame(frame)
  assert.ok(decoded?.kind === 'image-with-metadata')
  assert.deepEqual([decoded.promptId, decoded.node, decoded.format], [id, '2', 'jpeg'])
})

test('quick steps share a preview', async (t) => {
  const client = await startClient(t, { previewMilliseconds: 3_600_000 })
  const listener = await client.socket('me')
  await client.prompt(working, { client_id: 'me' })
  await listener.until(isEnd)
  const kinds = listener.kinds()
  assert.equal(kinds.filter((kind) => kind === 'progress').length, 2)
  assert.equal(kinds.filter((kind) => kind === 'binary 1').length, 1)
})

test('no previews when the server makes none', async (t) => {
  const client = await startClient(t, { previewMilliseconds: Infinity })
  const listener = await client.socket('me', { flags: true })
  await client.prompt(working, { client_id: 'me' })
  await listener.until(isEnd)
  assert.ok(!listener.kinds().includes('binary 4'))
})

test('no previews when the prompt wants none', async (t) => {
  const client = await startClient(t)
  const listener = await client.socket('me', { flags: true })
  await client.prompt(working, { client_id: 'me', extra_data: { preview_method: 'none' } })
  await listener.until(isEnd)
  assert.deepEqual(
    listener.frames.filter((frame) => Buffer.isBuffer(frame)),
    [],
  )
})

test('of a prompt without a client everybody sees the progress and nobody the end', async (t) => {
  const client = await startClient(t)
  const listeners = [await client.socket('a', { flags: true }), await client.socket('b')]
  await client.prompt(working)
  for (const listener of listeners) {
    await listener.until(
      (frame) => listener.frames.length > 5 && isStatus(frame, 0) && isLast(listener.frames, frame),
    )
    const kinds = new Set(listener.kinds())
    assert.ok(kinds.has('progress') && kinds.has('progress_state') && kinds.has('binary 1'))
    for (const kind of ['executing', 'executed', 'execution_start', 'execution_success', 'binary 4']) {
      assert.ok(!kinds.has(kind), kind)
    }
  }
})

test("another client's prompt shows only in the status", async (t) => {
  const client = await startClient(t)
  const mine = await client.socket('mine')
  const other = await client.socket('other')
  await client.prompt(working, { client_id: 'mine' })
  await mine.until(isEnd)
  await other.until((frame) => isStatus(frame, 0) && isLast(other.frames, frame))
  assert.deepEqual(new Set(other.kinds()), new Set(['status']))
})

test('a flag counts only in the first message', async (t) => {
  const client = await startClient(t)
  const listener = await client.socket('late')
  listener.socket.send('not JSON')
  listener.socket.send('{"type": "hello"}')
  listener.socket.send('{"type": "feature_flags", "data": {"supports_preview_metadata": true}}')
  await client.prompt(working, { client_id: 'late' })
  await listener.until(isEnd)
  assert.ok(listener.kinds().includes('binary 1'))
})

test('who comes back is told what runs; flags are gone', async (t) => {
  const step = deferred()
  const client = await startClient(t, { onStep: async () => step.promise, previewMilliseconds: 0 })
  const first = await client.socket('me', { flags: true })
  await client.prompt(working, { client_id: 'me' })
  await first.until((frame) => isType(frame, 'progress'))
  const second = await client.socket('me')
  const replay = await second.until((frame) => isType(frame, 'executing'))
  assert.deepEqual((replay as JsonObject).data, { node: '2' })
  step.resolve()
  await second.until(isEnd)
  assert.ok(second.kinds().includes('binary 1'))
})

test('when the older of two sockets closes, the newer falls silent', async (t) => {
  const step = deferred()
  const client = await startClient(t, { onStep: async () => step.promise })
  const older = await client.socket('me')
  const id = await client.prompt(working, { client_id: 'me' })
  await older.until((frame) => isType(frame, 'progress'))
  const newer = await client.socket('me')
  await newer.until((frame) => isType(frame, 'executing'))
  await older.close()
  // The server has heard of the close when it has answered these.
  for (let turn = 0; turn < 3; turn++) await client.get('/prompt')
  const before = newer.frames.length
  step.resolve()
  await client.idle()
  assert.ok(id in (await client.get(`/history/${id}`)).json)
  assert.equal(newer.frames.length, before)
  assert.equal(newer.socket.readyState, newer.socket.OPEN)
})

function isStatus(frame: JsonObject | Buffer, remaining: number): boolean {
  return isType(frame, 'status') && JSON.stringify(frame.data).includes(`"queue_remaining":${remaining}`)
}

function isLast(frames: ReadonlyArray<JsonObject | Buffer>, frame: JsonObject | Buffer): boolean {
  return frames.at(-1) === frame
}

/** A socket that is none, and what happens to it and to its connection, in order. */
function watchedSocket(sockets: Sockets): string[] {
  const log: string[] = []
  const socket = Object.assign(new EventEmitter(), {
    send: (frame: string) => log.push((JSON.parse(frame) as { type: string }).type),
    terminate: () => log.push('terminate'),
  }) as unknown as WebSocket
  const connection = { cork: () => void log.push('cork'), uncork: () => void log.push('uncork') }
  sockets.add(socket, 'me', 0, { client: undefined, node: undefined }, connection)
  return log
}

test('what is sent in one turn goes out together at the end of it', async () => {
  const sockets = new Sockets()
  const log = watchedSocket(sockets)
  await Promise.resolve()
  sockets.send('executing', {}, 'me')
  assert.deepEqual(log, ['cork', 'status', 'executing'])
  await nextTurn()
  sockets.sendStatus(1)
  assert.deepEqual(log, ['cork', 'status', 'executing', 'uncork', 'cork', 'status'])
})

test('what was sent before a connection is cut goes out', () => {
  const sockets = new Sockets()
  const log = watchedSocket(sockets)
  sockets.cutAll()
  assert.deepEqual(log, ['cork', 'status', 'uncork', 'terminate'])
})
