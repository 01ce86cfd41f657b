import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeClassCache } from '../../src/comfy/node-class-cache.ts'
import { accessOf, startScripted } from '../rig/scripted-server.ts'

test('a class is asked for once, until the server may have others', async (t) => {
  const server = await startScripted(t, {
    'GET /object_info/Mine': { json: { Mine: { input: { required: {} }, output: [] } } },
    'GET /object_info/Other': { json: {} },
  })
  const classes = new NodeClassCache(accessOf(t, server))
  assert.deepEqual((await Promise.all([classes.get('Mine'), classes.get('Mine')]))[0]?.output, [])
  assert.equal(await classes.get('Other'), undefined)
  assert.equal(server.requests.length, 2)
  classes.clear()
  await classes.get('Mine')
  assert.equal(server.requests.length, 3)
})

test('a question that failed may be asked again', async (t) => {
  const answers = [{ status: 500 }, { json: {} }]
  const server = await startScripted(t, { 'GET /object_info/Mine': () => answers.shift() ?? {} })
  const classes = new NodeClassCache(accessOf(t, server))
  await assert.rejects(classes.get('Mine'))
  assert.equal(await classes.get('Mine'), undefined)
  assert.equal(server.requests.length, 2)
})
