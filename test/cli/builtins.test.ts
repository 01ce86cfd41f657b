import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const log = fileURLToPath(new URL('../rig/builtin-log.cjs', import.meta.url))

/** Which of Node's own modules a batch loads, so long that all is done that is for long ones, and which Node has to compile. */
async function builtinsOfBatch(t: TestContext): Promise<Record<'loaded' | 'compiled', string[]>> {
  const server = await startRig(t)
  const file = join(folderOf(t), 'builtins.json')
  writeFileSync(join(folderOf(t), 'jobs.csv'), `prompt\n${'fox '.repeat(20_000)}\n`)
  const run = await comfyRun(t, ['batch', 'jobs.csv', '--server', server.url, '--size', '64x64'], {
    env: { BUILTIN_LOG: file },
    nodeOptions: ['--expose-internals', '--require', log],
  })
  assertExit(run, 0)
  return JSON.parse(readFileSync(file, 'utf8'))
}

test('a batch does not load what few need', async (t) => {
  const { loaded } = await builtinsOfBatch(t)
  assert.ok(loaded.includes('http'))
  for (const name of ['https', 'tls', 'child_process', 'assert']) assert.ok(!loaded.includes(name), name)
})

test("the flags that are set for V8 do not make it refuse the compiled code of Node's own modules", async (t) => {
  const { compiled } = await builtinsOfBatch(t)
  // Node itself loads these late, when they are used: the one a global, the other for a folder that is removed.
  const late = new Set(['internal/crypto/webcrypto', 'internal/fs/rimraf'])
  assert.deepEqual(
    compiled.filter((name) => !late.has(name)),
    [],
  )
})
