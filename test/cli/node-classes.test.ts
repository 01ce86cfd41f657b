import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadOptions, type NodeClassFlags } from '../../src/cli/node-classes.ts'
import { folderOf } from '../rig/folder.ts'
import { modernServer, startScripted } from '../rig/scripted-server.ts'

/** The names of the classes that a command gets. */
async function namesFor(flags: NodeClassFlags): Promise<string[]> {
  return Object.keys((await loadOptions(flags).nodeClasses?.()) ?? {})
}

const classes = { Mine: { input: { required: {} }, output: [] } }
const routes = { ...modernServer, 'GET /object_info': { json: classes } }

test('a server is asked once for a command, and only when it is wanted', async (t) => {
  const server = await startScripted(t, routes)
  const flags = { server: [server.url] }
  assert.equal(loadOptions(flags), loadOptions(flags))
  assert.equal(loadOptions(flags).areClassesAtHand, false)
  assert.equal(server.to('GET /object_info').length, 0)
  assert.deepEqual(await Promise.all([namesFor(flags), namesFor(flags)]), [['Mine'], ['Mine']])
  assert.equal(server.to('GET /object_info').length, 1)
})

test('of several servers the first that answers', async (t) => {
  const server = await startScripted(t, routes)
  assert.deepEqual(await namesFor({ server: ['http://127.0.0.1:9', server.url, 'http://127.0.0.1:9'] }), [
    'Mine',
  ])
})

test('a file goes before all servers', async (t) => {
  const objectInfo = join(folderOf(t), 'info.json')
  writeFileSync(objectInfo, JSON.stringify(classes))
  const flags = { objectInfo, server: ['http://127.0.0.1:9'] }
  assert.deepEqual(await namesFor(flags), ['Mine'])
  assert.equal(loadOptions(flags).areClassesAtHand, true)
})

test('a server that does not answer is told of with what would do instead', async () => {
  await assert.rejects(namesFor({ server: ['http://127.0.0.1:9'] }), (error: unknown) => {
    assert.ok(error instanceof Error && 'code' in error && 'hint' in error)
    assert.equal(error.code, 'server-unreachable')
    assert.match(String(error.hint), /--object-info FILE/)
    return true
  })
})
