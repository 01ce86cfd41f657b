import assert from 'node:assert/strict'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startClient } from '../client.ts'
import { startRig } from '../../rig/rig.ts'

const working = {
  1: { class_type: 'Number', inputs: { value: 1 } },
  2: { class_type: 'Work', inputs: { value: ['1', 0], steps: 2 } },
  3: { class_type: 'Save', inputs: { value: ['2', 0], mode: 'fast' } },
}

test('a killed server is back on its port, empty but for the files', async (t) => {
  const client = await startClient(t, { faults: ['restart@job:2'] })
  const first = await client.prompt(working)
  await client.idle()
  writeFileSync(join(client.folder, 'temp/preview.png'), 'x')
  const listener = await client.socket('me')
  const closed = new Promise<number>((resolve) => {
    listener.socket.once('close', resolve)
  })
  await client.prompt(working, { client_id: 'me' }).catch(() => {})
  assert.equal(await closed, 1006)
  // It listens again as soon as the old connections are gone.
  const again = await until(async () => client.get(`/history/${first}`))
  assert.equal(again.text, '{}')
  const queue = await client.get('/queue')
  assert.deepEqual(queue.json, { queue_running: [], queue_pending: [] })
  assert.equal(readdirSync(join(client.folder, 'output')).length, 1)
  assert.ok(!existsSync(join(client.folder, 'temp/preview.png')))
  await client.prompt(working, { client_id: 'you' })
  await client.idle()
  assert.equal(readdirSync(join(client.folder, 'output')).length, 2)
})

test('in between nothing listens', async (t) => {
  const server = await startRig(t)
  const back = server.restart(200)
  await assert.rejects(fetch(`${server.url}/prompt`))
  await back
  assert.equal((await fetch(`${server.url}/prompt`)).status, 200)
})

test('a close during a restart ends it', async (t) => {
  const server = await startRig(t)
  const back = server.restart(50)
  await server.close()
  await back
  await assert.rejects(fetch(`${server.url}/prompt`))
})

/** The result of the first try that does not fail. */
async function until<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch {
      // The server is on its way up.
    }
  }
}
