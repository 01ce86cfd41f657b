import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import type { WebSocket } from 'ws'
import { EarlyConnection } from '../../src/comfy/early-connection.ts'
import { connectServer } from '../../src/comfy/server.ts'
import { deferred } from '../rig/deferred.ts'
import { modernServer, startScripted, type ScriptedServer } from '../rig/scripted-server.ts'

async function start(t: TestContext): Promise<{
  readonly server: ScriptedServer
  readonly early: EarlyConnection
  readonly sockets: readonly WebSocket[]
}> {
  const sockets: WebSocket[] = []
  const opened = deferred()
  const onSocket = (socket: WebSocket): void => {
    sockets.push(socket)
    opened.resolve()
  }
  const server = await startScripted(t, modernServer, { onSocket })
  const early = new EarlyConnection({ url: server.url })
  await opened.promise
  return { server, early, sockets }
}

test('it is used by the first who connects, and by no other', async (t) => {
  const { server, early, sockets } = await start(t)
  const first = await connectServer({ url: server.url, early })
  t.after(async () => first.close())
  assert.equal(first.capabilities.version, '0.33.0')
  assert.equal(sockets.length, 1)
  assert.equal(server.to('GET /system_stats').length, 1)
  const second = await connectServer({ url: server.url, early })
  t.after(async () => second.close())
  assert.equal(sockets.length, 2)
})

test('a server that was not there so early is connected to anew', async (t) => {
  const server = await startScripted(t, modernServer)
  const early = new EarlyConnection({ url: 'http://127.0.0.1:1' })
  const client = await connectServer({ url: server.url, early })
  t.after(async () => client.close())
  assert.equal(client.capabilities.version, '0.33.0')
})

test('who is no ComfyUI is not asked again', async (t) => {
  const server = await startScripted(t, { 'GET /system_stats': { body: '<html>' } })
  const early = new EarlyConnection({ url: server.url })
  await assert.rejects(connectServer({ url: server.url, early }), { code: 'not-comfyui' })
  assert.equal(server.to('GET /system_stats').length, 1)
})

test('it is closed if nobody has used it', async (t) => {
  const { early, sockets } = await start(t)
  const [socket] = sockets
  assert.ok(socket)
  const closed = once(socket, 'close')
  await early.close()
  await closed
})

test('who has it keeps it', async (t) => {
  const { early } = await start(t)
  const connection = early.take()
  t.after(async () => connection?.close())
  await connection?.opened()
  await early.close()
  assert.equal(connection?.socket.isOpen, true)
})
