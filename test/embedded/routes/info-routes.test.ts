import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { version } from '../../../src/version.ts'
import { startClient } from '../client.ts'

test('the server says what it is', async (t) => {
  const client = await startClient(t)
  const system = (await client.get('/system_stats')).json.system as JsonObject
  assert.equal(system.comfyui_version, '0.33.0')
  const { version: own, note } = system.comfy_run as JsonObject
  assert.equal(own, version)
  assert.match(note as string, /rehearsal/)
  assert.match((await client.get('/')).text, /not ComfyUI/)
})

test('one class, all classes, an unknown one', async (t) => {
  const client = await startClient(t)
  const one = (await client.get('/object_info/Save')).json
  assert.deepEqual(Object.keys(one), ['Save'])
  const all = (await client.get('/object_info')).json
  assert.deepEqual(all.Save, one.Save)
  assert.ok(Object.keys(all).length > 5)
  assert.deepEqual((await client.get('/object_info/Nope')).json, {})
})

test('models by folder; an unknown folder is 404', async (t) => {
  const client = await startClient(t)
  assert.equal((await client.get('/models/checkpoints')).text, '[]')
  assert.equal((await client.get('/models/nope')).status, 404)
  assert.match((await client.get('/models')).text, /"checkpoints", "loras"/)
})
