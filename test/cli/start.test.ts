import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun } from '../rig/rig.ts'

const moduleLog = new URL('../rig/module-log.js', import.meta.url).href

/** The modules that a command imports: our own files as `cli/main.js`, others as the name of their package. */
async function imported(t: TestContext, ...args: readonly string[]): Promise<Set<string>> {
  const file = join(folderOf(t), 'modules.txt')
  const env = { NODE_OPTIONS: `--import=${moduleLog}`, MODULE_LOG: file }
  assertExit(await comfyRun(t, args, { env }), 0)
  const urls = readFileSync(file, 'utf8').trim().split('\n')
  const own = urls.flatMap((url) => /\/dist\/(.*)$/.exec(url)?.[1] ?? [])
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
  return new Set([...own.filter((path) => !path.includes('node_modules')), ...packages])
}

function packagesIn(modules: ReadonlySet<string>): string[] {
  return [...modules].filter((name) => !name.endsWith('.js')).toSorted()
}

test('--version loads next to nothing', async (t) => {
  assert.deepEqual([...(await imported(t, '--version'))].toSorted(), ['cli/main.js', 'version.js'])
})

test('--help loads the options, and no library but commander and near matches', async (t) => {
  const modules = await imported(t, '--help')
  assert.deepEqual(packagesIn(modules), ['commander', 'fastest-levenshtein'])
  assert.ok(modules.size < 50, [...modules].join('\n'))
})

test('a plan without files loads neither sharp nor yaml, nor what talks to servers', async (t) => {
  const modules = await imported(t, 'txt2img', 'a fox', '--dry-run', '--object-info', await saved(t))
  for (const library of ['sharp', 'yaml', 'undici', 'ws', 'cli-progress', 'chalk', 'csv-parse']) {
    assert.ok(!modules.has(library), library)
  }
})

test('a run without progress bars does not load them', async (t) => {
  const modules = await imported(t, 'txt2img', 'a fox', '--server', 'embedded', '--size', '64x64')
  assert.ok(modules.has('undici') && !modules.has('cli-progress') && !modules.has('yaml'))
})

/** A file with the node classes of the embedded server. */
async function saved(t: TestContext): Promise<string> {
  const file = join(folderOf(t), 'object-info.json')
  assertExit(await comfyRun(t, ['doctor', '--server', 'embedded', '--save-object-info', file]), 0)
  return file
}
