import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choicesOf, fetchNodeClass, fetchObjectInfo } from '../../src/comfy/node-classes.ts'
import { connectServer } from '../../src/comfy/server.ts'
import { accessOf, modernServer, startScripted } from '../rig/scripted-server.ts'

const classOf = (name: string, required: object) => ({
  [name]: { name, input: { required }, output: [], output_node: false },
})
const routes = {
  ...modernServer,
  'GET /object_info/Old': { json: classOf('Old', { model: [['a', 'b'], {}], steps: ['INT', { min: 1 }] }) },
  'GET /object_info/New%20one': { json: classOf('New one', { model: ['COMBO', { options: ['c'] }] }) },
  'GET /object_info/Nope': { json: {} },
}

test('the choices of a COMBO, in both schemas; none where there are none', async (t) => {
  const access = accessOf(t, await startScripted(t, routes))
  assert.deepEqual(await choicesOf(access, 'Old', 'model'), ['a', 'b'])
  assert.deepEqual(await choicesOf(access, 'New one', 'model'), ['c'])
  assert.deepEqual(await choicesOf(access, 'Old', 'steps'), [])
  assert.deepEqual(await choicesOf(access, 'Old', 'nope'), [])
  assert.deepEqual(await choicesOf(access, 'Nope', 'model'), []) // pitfall 51
  assert.deepEqual(await choicesOf(access, 'Unserved', 'model'), [])
})

test('a class that the server does not have', async (t) => {
  const access = accessOf(t, await startScripted(t, routes))
  assert.equal(await fetchNodeClass(access, 'Nope'), undefined)
})

test('all classes of a server; what has none is no ComfyUI', async (t) => {
  const all = { ...classOf('Old', {}), ...classOf('toString', {}) }
  const access = accessOf(t, await startScripted(t, { ...modernServer, 'GET /object_info': { json: all } }))
  assert.deepEqual(Object.keys(await fetchObjectInfo(access)), ['Old', 'toString'])
  const other = accessOf(t, await startScripted(t, { ...modernServer, 'GET /object_info': { json: {} } }))
  await assert.rejects(fetchObjectInfo(other), { code: 'not-comfyui' })
})

test('a class is asked for once', async (t) => {
  const server = await startScripted(t, routes)
  const client = await connectServer({ url: server.url })
  t.after(async () => client.close())
  await Promise.all([client.nodeClass('Old'), client.nodeClass('Old')])
  await client.nodeClass('Old')
  assert.equal(server.to('GET /object_info/Old').length, 1) // pitfall 51
})

test('a question that failed is asked again', async (t) => {
  let count = 0
  const server = await startScripted(t, {
    ...modernServer,
    'GET /object_info/Old': () => {
      count += 1
      return count === 1 ? { status: 502, body: '' } : routes['GET /object_info/Old']
    },
  })
  const client = await connectServer({ url: server.url })
  t.after(async () => client.close())
  await assert.rejects(client.nodeClass('Old'), { code: 'server-unreachable' })
  assert.equal((await client.nodeClass('Old'))?.name, 'Old')
})
