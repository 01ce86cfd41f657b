import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import type { WebSocket } from 'ws'
import { connectServer } from '../../src/comfy/server.ts'
import {
  modernServer,
  startScripted,
  type ScriptedAnswer,
  type ScriptedServer,
} from '../rig/scripted-server.ts'

/** A server that says what it is only when a socket is open; `socket` is that one. */
async function startsWithSocket(
  t: TestContext,
  stats: ScriptedAnswer,
): Promise<{ readonly server: ScriptedServer; readonly socket: Promise<WebSocket> }> {
  let open: (opened: WebSocket) => void = () => {}
  const socket = new Promise<WebSocket>((resolve) => {
    open = resolve
  })
  const answer = async (): Promise<ScriptedAnswer> => {
    await socket
    return stats
  }
  const routes = { ...modernServer, 'GET /system_stats': answer }
  return { server: await startScripted(t, routes, { onSocket: (opened) => open(opened) }), socket }
}

test('the socket is opened while the server is still being asked what it is', async (t) => {
  const { server } = await startsWithSocket(t, { json: { system: { comfyui_version: '0.33.0' } } })
  const client = await connectServer({ url: server.url })
  t.after(async () => client.close())
  assert.equal(client.capabilities.version, '0.33.0')
})

test('no socket stays open to what is no ComfyUI', async (t) => {
  const page = { body: '<html>', headers: { 'content-type': 'text/html' } }
  const { server, socket } = await startsWithSocket(t, page)
  const closed = socket.then(async (opened) => once(opened, 'close'))
  await assert.rejects(connectServer({ url: server.url }), { code: 'not-comfyui' })
  await closed
})

test('a server that is not there is an error, and no lost connection', async () => {
  const lost: string[] = []
  const onLost = (reason: string): void => void lost.push(reason)
  await assert.rejects(connectServer({ url: 'http://127.0.0.1:1', onLost }), { code: 'server-unreachable' })
  assert.deepEqual(lost, [])
})

test('a socket that can not be opened is told of when the server is known to be there', async (t) => {
  const server = await startScripted(t, modernServer)
  const lost: string[] = []
  const client = await connectServer({ url: server.url, onLost: (reason) => lost.push(reason) })
  t.after(async () => client.close())
  assert.deepEqual(lost, ['Unexpected server response: 404'])
})
