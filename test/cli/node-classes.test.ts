import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeClassesFor } from '../../src/cli/node-classes.ts'
import { folderOf } from '../rig/folder.ts'
import { modernServer, startScripted } from '../rig/scripted-server.ts'

const classes = { Mine: { input: { required: {} }, output: [] } }
const routes = { ...modernServer, 'GET /object_info': { json: classes } }

test('a server is asked once for a command, and only when it is wanted', async (t) => {
  const server = await startScripted(t, routes)
  const flags = { server: [server.url] }
  assert.equal(nodeClassesFor(flags), nodeClassesFor(flags))
  assert.equal(server.to('GET /object_info').length, 0)
  const [one, other] = await Promise.all([nodeClassesFor(flags)(), nodeClassesFor(flags)()])
  assert.deepEqual(Object.keys(one), ['Mine'])
  assert.equal(one, other)
  assert.equal(server.to('GET /object_info').length, 1)
})

test('of several servers the first that answers', async (t) => {
  const server = await startScripted(t, routes)
  const info = await nodeClassesFor({ server: ['http://127.0.0.1:9', server.url, 'http://127.0.0.1:9'] })()
  assert.deepEqual(Object.keys(info), ['Mine'])
})

test('a file goes before all servers', async (t) => {
  const objectInfo = join(folderOf(t), 'info.json')
  writeFileSync(objectInfo, JSON.stringify(classes))
  const info = await nodeClassesFor({ objectInfo, server: ['http://127.0.0.1:9'] })()
  assert.deepEqual(Object.keys(info), ['Mine'])
})

test('a server that does not answer is told of with what would do instead', async () => {
  await assert.rejects(nodeClassesFor({ server: ['http://127.0.0.1:9'] })(), (error: unknown) => {
    assert.ok(error instanceof Error && 'code' in error && 'hint' in error)
    assert.equal(error.code, 'server-unreachable')
    assert.match(String(error.hint), /--object-info FILE/)
    return true
  })
})
