import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { WebSocket } from 'ws'
import { withServers } from '../../src/cli/with-servers.ts'
import { connectServer } from '../../src/comfy/server.ts'
import { deferred } from '../rig/deferred.ts'
import { modernServer, startScripted } from '../rig/scripted-server.ts'

test('servers are connected to while it is still being found out what to run', async (t) => {
  const sockets: WebSocket[] = []
  const opened = deferred()
  const onSocket = (socket: WebSocket): void => {
    sockets.push(socket)
    opened.resolve()
  }
  const { url } = await startScripted(t, modernServer, { onSocket })
  await withServers({ server: [url] }, { isRun: true }, async ([server]) => {
    await opened.promise
    assert.ok(server)
    const client = await connectServer(server)
    assert.equal(sockets.length, 1)
    await client.close()
  })
})

test('a connection that was not needed is closed', async (t) => {
  const opened = deferred<WebSocket>()
  const { url } = await startScripted(t, modernServer, { onSocket: opened.resolve })
  let closed: Promise<unknown> | undefined
  await withServers({ server: [url] }, { isRun: true }, async () => {
    closed = once(await opened.promise, 'close')
  })
  await closed
})

test('who runs nothing connects to nobody', async (t) => {
  const server = await startScripted(t, modernServer)
  await withServers({ server: [server.url] }, { isRun: false }, async ([named]) => {
    assert.equal(named?.early, undefined)
  })
  assert.deepEqual(server.requests, [])
})
