import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun } from '../rig/rig.ts'

const moduleLog = new URL('../rig/module-log.js', import.meta.url).href

/** What a command imports: how many files of our own, and which packages. */
async function imported(
  t: TestContext,
  ...args: readonly string[]
): Promise<{ readonly own: number; readonly packages: string[] }> {
  const file = join(folderOf(t), 'modules.txt')
  const env = { NODE_OPTIONS: `--import=${moduleLog}`, MODULE_LOG: file }
  assertExit(await comfyRun(t, args, { env }), 0)
  const urls = readFileSync(file, 'utf8').trim().split('\n')
  const separate = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
  const own = urls.filter((url) => url.includes('/dist/') && !url.includes('/node_modules/'))
  // The bundler says in a comment where pieces come from, except the smallest.
  const bundled = own.flatMap((url) =>
    Array.from(
      readFileSync(new URL(url), 'utf8').matchAll(/^\s*\/\/ node_modules\/((?:@[^/]+\/)?[^/\n]+)/gm),
      ([, name = '']) => name,
    ),
  )
  return { own: own.length, packages: [...new Set([...separate, ...bundled])].toSorted() }
}

test('--version loads next to nothing', async (t) => {
  const { own, packages } = await imported(t, '--version')
  assert.ok(own <= 5, String(own))
  assert.deepEqual(packages, [])
})

test('--help loads no library of any size but commander', async (t) => {
  const { own, packages } = await imported(t, '--help')
  assert.ok(own < 30, String(own))
  assert.deepEqual(packages, ['commander'])
})

test('a plan without files loads neither sharp nor yaml, nor what talks to servers', async (t) => {
  const { packages } = await imported(t, 'txt2img', 'a fox', '--dry-run', '--object-info', await saved(t))
  for (const library of ['sharp', 'yaml', 'undici', 'ws', 'cli-progress', 'chalk']) {
    assert.ok(!packages.includes(library), library)
  }
})

test('a run without progress bars does not load them', async (t) => {
  const { packages } = await imported(t, 'txt2img', 'a fox', '--server', 'embedded', '--size', '64x64')
  assert.ok(packages.includes('undici'))
  assert.ok(!packages.includes('cli-progress') && !packages.includes('yaml'), packages.join())
})

test('a batch of a jobs file loads nothing that finds files', async (t) => {
  writeFileSync(join(folderOf(t), 'jobs.csv'), 'prompt\na fox\n')
  const { packages } = await imported(t, 'batch', 'jobs.csv', '--server', 'embedded', '--size', '64x64')
  assert.ok(packages.includes('undici'))
  for (const library of ['tinyglobby', 'fdir', 'picomatch']) assert.ok(!packages.includes(library), library)
})

/** A file with the node classes of the embedded server. */
async function saved(t: TestContext): Promise<string> {
  const file = join(folderOf(t), 'object-info.json')
  assertExit(await comfyRun(t, ['doctor', '--server', 'embedded', '--save-object-info', file]), 0)
  return file
}
