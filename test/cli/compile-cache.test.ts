import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { assertExit, binary, comfyRun } from '../rig/rig.ts'

/** A folder for the compiled code, and a batch that sets every flag of V8's that the program ever sets: a long one. */
function start(t: TestContext) {
  const folder = folderOf(t)
  const cache = join(folder, 'cache')
  const env = { NODE_COMPILE_CACHE: cache }
  writeFileSync(join(folder, 'jobs.csv'), `prompt\n${'fox '.repeat(20_000)}\n`)
  let runs = 0
  const files = (): string[] => {
    const code = `code-${process.version}-${process.arch}`
    const own = join(cache, 'comfy-run', code)
    return readdirSync(own).map((name) => join(own, name))
  }
  return {
    cache,
    run: async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
      const args = ['batch', 'jobs.csv', '--server', 'embedded', '--size', '64x64', '-o', `out${++runs}`]
      const run = await comfyRun(t, args, { env: { ...env, ...more } })
      assertExit(run, 0)
      assert.ok(!/cache/i.test(run.stderr), run.stderr)
    },
    files,
    /** What is there, and since when: a file that is written anew is another one. */
    state: (): string[] => files().map((file) => `${file} ${statSync(file).ino} ${statSync(file).mtimeMs}`),
  }
}

test('what was compiled is kept for the next command, which takes it', async (t) => {
  const { run, state, files } = start(t)
  await run()
  const kept = state()
  for (const part of ['help', 'plan', 'run', 'server', 'table']) {
    assert.ok(
      files().some((file) => file.includes(`/${part}-`)),
      part,
    )
  }
  await run()
  assert.deepEqual(state(), kept)
})

test('code that was kept loads sharp as well', async (t) => {
  const folder = folderOf(t)
  const blank = { width: 64, height: 64, channels: 3, background: 'red' } as const
  await sharp({ create: blank }).png().toFile(join(folder, 'photo.png'))
  for (const _ of ['from its source', 'from what was kept']) {
    const args = ['img2img', 'a fox', '--image', 'photo.png', '--server', 'embedded']
    assertExit(await comfyRun(t, args, { env: { NODE_COMPILE_CACHE: join(folder, 'cache') } }), 0)
  }
})

test('nobody else can write to it', async (t) => {
  const { run, files, cache } = start(t)
  await run()
  assert.equal(statSync(join(cache, 'comfy-run')).mode & 0o777, 0o700)
  for (const file of files()) assert.equal(statSync(file).mode & 0o777, 0o600, file)
})

test('a file that is not whole is not taken, but made anew', async (t) => {
  const { run, files } = start(t)
  await run()
  const [first = '', second = ''] = files()
  const { size } = statSync(second)
  truncateSync(first, 1000)
  writeFileSync(second, 'something else')
  await run()
  assert.ok(statSync(first).size > 1000)
  // Not to the byte: which functions were called differs a little.
  assert.ok(statSync(second).size > size / 2)
})

test('code that was compiled with other flags is made anew', async (t) => {
  const { run, state } = start(t)
  await run({ NODE_OPTIONS: '--stack-trace-limit=20' })
  const before = state()
  await run()
  const after = state()
  assert.equal(after.length, before.length)
  assert.ok(after.every((file) => !before.includes(file)))
})

test('what was kept a month ago goes when there is something new, and nothing else does', async (t) => {
  const { run, files, cache } = start(t)
  await run()
  const [own = ''] = files()
  const other = join(cache, 'comfy-run', 'code-v1.2.3-x64')
  mkdirSync(other)
  const daysAgo = (days: number): number => Date.now() / 1000 - days * 24 * 60 * 60
  for (const [name, days] of [
    ['old.cjs', 31],
    ['young.cjs', 29],
  ] as const) {
    writeFileSync(join(other, name), '')
    utimesSync(join(other, name), daysAgo(days), daysAgo(days))
  }
  await run()
  assert.deepEqual(readdirSync(other), ['old.cjs', 'young.cjs'])
  truncateSync(own, 1000)
  await run()
  assert.deepEqual(readdirSync(other), ['young.cjs'])
  assert.ok(files().includes(own))
})

test('where nothing can be kept, everything works without a word', async (t) => {
  const { run, cache } = start(t)
  writeFileSync(cache, 'a file')
  await run()
  assert.equal(readFileSync(cache, 'utf8'), 'a file')
})

test('a user without a home can run everything', { skip: process.getuid?.() !== 0 }, () => {
  const { status, stderr } = spawnSync(process.execPath, [binary, '--help'], {
    uid: 54_321,
    env: {},
    encoding: 'utf8',
  })
  assert.deepEqual([status, stderr], [0, ''])
})

test('whoever wants none gets none', async (t) => {
  const { run, cache } = start(t)
  await run({ NODE_DISABLE_COMPILE_CACHE: '1' })
  assert.ok(!existsSync(cache))
})

test('without the variable it is in the folder for such files of the user', async (t) => {
  const { run, files } = start(t)
  mkdirSync(join(folderOf(t), 'cache'))
  await run({ NODE_COMPILE_CACHE: '', XDG_CACHE_HOME: join(folderOf(t), 'cache') })
  assert.ok(files().length > 5)
})
