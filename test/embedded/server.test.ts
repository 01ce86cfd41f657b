import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { startEmbeddedServer } from '../../src/embedded/server.ts'
import { isEnd, startClient } from './client.ts'
import { toyNodes } from './toy-nodes.ts'

const graph = {
  '1': { class_type: 'Number', inputs: { value: 4 } },
  '2': { class_type: 'Work', inputs: { value: ['1', 0], steps: 2 } },
  '3': { class_type: 'Save', inputs: { value: ['2', 0], mode: 'fast' } },
}

test('a prompt runs: events, history, file', async (t) => {
  const client = await startClient(t, { previewMilliseconds: 0 })
  const listener = await client.socket('me', { flags: true })
  const id = await client.prompt(graph, { client_id: 'me' })
  await listener.until(isEnd)
  assert.deepEqual(listener.kinds(), [
    'status',
    'feature_flags',
    'status',
    'status',
    'execution_start',
    'execution_cached',
    'progress_state',
    'executing',
    'progress_state',
    'progress_state',
    'executing',
    'progress_state',
    'binary 4',
    'progress',
    'progress_state',
    'binary 4',
    'progress',
    'progress_state',
    'progress_state',
    'executing',
    'executed',
    'progress_state',
    'execution_success',
    'status',
    'executing',
  ])
  const { json } = await client.get(`/history/${id}`)
  const entry = json[id] as { outputs: { '3': { images: Array<{ filename: string }> } } }
  const [file] = entry.outputs['3'].images
  const view = await client.get(`/view?filename=${file?.filename}&type=output`)
  assert.equal(view.text, '4')
})

test('a taken port is said', async (t) => {
  const first = await startEmbeddedServer({ nodes: toyNodes })
  t.after(async () => first.close())
  const port = Number(new URL(first.url).port)
  await assert.rejects(startEmbeddedServer({ nodes: toyNodes, port }), { code: 'port-in-use' })
})

test('a folder of its own goes with the server', async () => {
  const server = await startEmbeddedServer({ nodes: toyNodes })
  assert.ok(existsSync(server.folder))
  await server.close()
  assert.ok(!existsSync(server.folder))
})
