import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { WebSocket } from 'ws'
import { Connection } from '../../src/comfy/connection.ts'
import type { SocketListener } from '../../src/comfy/socket.ts'
import { deferred } from '../rig/deferred.ts'
import { modernServer, startScripted } from '../rig/scripted-server.ts'

/** A listener that notes what it is told. */
function noting(told: string[]): SocketListener {
  return {
    opened: () => void told.push('opened'),
    lost: (reason) => void told.push(`lost: ${reason}`),
    message: ({ type, data }) => void told.push(`${type} ${JSON.stringify(data)}`),
    frame: ({ kind }) => void told.push(kind),
  }
}

/** Sends messages, and waits until they were received. */
async function send(socket: WebSocket, ...messages: readonly object[]): Promise<void> {
  for (const message of messages) socket.send(JSON.stringify(message))
  socket.ping()
  await once(socket, 'pong')
}

test('who comes to listen later is told what the socket has come to', async (t) => {
  const opening = deferred<WebSocket>()
  const server = await startScripted(t, modernServer, { onSocket: opening.resolve })
  const connection = new Connection({ url: server.url })
  t.after(async () => connection.close())
  assert.equal((await connection.opened()).version, '0.33.0')
  const socket = await opening.promise
  await send(
    socket,
    { type: 'status', data: { length: 2 } },
    { type: 'feature_flags', data: { flag: true } },
    { type: 'executing', data: { prompt_id: "somebody else's" } },
    { type: 'status', data: { length: 1 } },
  )
  const told: string[] = []
  connection.listen(noting(told))
  await send(socket, { type: 'status', data: { length: 0 } })
  assert.deepEqual(told, [
    'opened',
    'status {"length":1}',
    'feature_flags {"flag":true}',
    'status {"length":0}',
  ])
})

test('what an earlier socket has told is not told of a later one', async (t) => {
  let opening = deferred<WebSocket>()
  const server = await startScripted(t, modernServer, { onSocket: (socket) => opening.resolve(socket) })
  const connection = new Connection({ url: server.url })
  t.after(async () => connection.close())
  await send(await opening.promise, { type: 'status', data: { length: 2 } })
  opening = deferred()
  server.cutSockets()
  await send(await opening.promise, { type: 'feature_flags', data: {} })
  const told: string[] = []
  connection.listen(noting(told))
  assert.deepEqual(told, ['opened', 'feature_flags {}'])
})

test('who comes to listen later is told why there is no socket', async (t) => {
  const server = await startScripted(t, modernServer)
  const connection = new Connection({ url: server.url })
  t.after(async () => connection.close())
  await connection.opened()
  const told: string[] = []
  connection.listen(noting(told))
  assert.deepEqual(told, ['lost: Unexpected server response: 404'])
})

test('it can be closed while the server has not answered yet', async (t) => {
  const asked = deferred()
  const server = await startScripted(t, {
    ...modernServer,
    'GET /system_stats': async () => {
      asked.resolve()
      return new Promise(() => {})
    },
  })
  const connection = new Connection({ url: server.url })
  await asked.promise
  await connection.close()
  await assert.rejects(connection.opened(), { code: 'server-unreachable' })
})
