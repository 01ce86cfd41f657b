import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { assertExit } from '../rig/rig.ts'
import { assertClean, filesOf, txt2img } from './rig/attack.ts'
import { answer, startHostile } from './rig/hostile-server.ts'
import { everything } from './rig/words.ts'

/** Lets a server give its images these names, each as name and as subfolder; returns what lies on disk afterwards. */
async function savedAs(t: TestContext, names: readonly string[], args: readonly string[] = []) {
  const images = names.flatMap((name) => [
    { filename: name, subfolder: '', type: 'output' },
    { filename: 'a.png', subfolder: name, type: 'output' },
  ])
  const server = await startHostile(t, { outputs: { 9: { images } } })
  const run = await txt2img(t, server, ['--name', 'fox', ...args])
  assertExit(run, 0)
  assertClean(run)
  const files = filesOf(t)
  const isOurs = (file: string): boolean => /^out[\\/]fox_\d+\.[a-z0-9]{1,8}$/.test(file)
  assert.deepEqual(
    files.filter((file) => !isOurs(file)),
    [],
  )
  return files.length
}

test('file names and subfolders with ../', async (t) => {
  assert.equal(await savedAs(t, ['../x.png', '../../../../tmp/x.png', 'a/../../x.png', '..\\..\\x.png']), 8)
})

test('absolute file names and subfolders', async (t) => {
  const target = join(folderOf(t), 'stolen.png')
  assert.equal(await savedAs(t, [target, '/etc/x.png', '//x/y.png', '~/x.png']), 8)
  assert.ok(!existsSync(target))
})

test('file names with drive letters, UNC paths and alternate streams', async (t) => {
  assert.equal(
    await savedAs(t, [
      'C:\\x.png',
      'C:x.png',
      '\\\\server\\share\\x.png',
      '\\\\?\\C:\\x.png',
      'x.png:evil.exe',
    ]),
    10,
  )
})

test('file names with NUL and control characters', async (t) => {
  assert.equal(
    await savedAs(t, ['x\u0000.png', 'x.png\u0000.exe', 'a\nb.png', 'a\tb\u0007.png', `${everything}.png`]),
    10,
  )
})

test('reserved Windows names, dots and spaces at the end', async (t) => {
  assert.equal(await savedAs(t, ['CON', 'aux.png', 'nul.png', 'COM1.png', 'x.png.', 'x.png ', 'x. . .']), 14)
})

test('file names of 4,000 characters', async (t) => {
  assert.equal(await savedAs(t, [`${'x'.repeat(4000)}.png`, `x.${'png'.repeat(1300)}`]), 4)
  // Percent-encoded it is longer than servers take: that is the server's own loss, told briefly.
  const server = await startHostile(t, { outputs: { 9: { images: [{ filename: 'é'.repeat(4000) }] } } })
  const run = await txt2img(t, server, ['--name', 'dog'])
  assertExit(run, 1)
  assert.ok(run.stderr.length < 500)
})

test('file names with right-to-left marks', async (t) => {
  assert.equal(await savedAs(t, ['fox\u202Egnp.exe', '\u2067fox\u200F.png', 'fox\u2066.png\u2069']), 6)
})

test('file names that are empty, . or ..', async (t) => {
  // An entry without a name is no file.
  const count = await savedAs(t, ['.', '..', '...', ' '])
  assert.equal(count, 8)
  const server = await startHostile(t, { outputs: { 9: { images: [{ filename: '' }] } } })
  const run = await txt2img(t, server, ['--name', 'empty'])
  assertExit(run, 0)
  assert.equal(run.stdout, '')
})

test('percent-encoded file names', async (t) => {
  assert.equal(await savedAs(t, ['%2e%2e%2fx.png', '..%2fx.png', '%00.png', '%2Fetc%2Fx.png']), 8)
})

test('file names that differ only in case or in Unicode form', async (t) => {
  assert.equal(await savedAs(t, ['fox.png', 'FOX.PNG', 'Fox.png', 'caf\u00e9.png', 'cafe\u0301.png']), 10)
})

test("a file of the user's that has a name which the server chose", async (t) => {
  mkdirSync(join(folderOf(t), 'out'))
  const mine = join(folderOf(t), 'out', 'a.png')
  writeFileSync(mine, 'mine')
  const server = await startHostile(t, { outputs: { 9: { images: [{ filename: 'a.png' }] } } })
  assertExit(await txt2img(t, server, ['--on-exists', 'overwrite', '--name', 'fox']), 0)
  assert.equal(readFileSync(mine, 'utf8'), 'mine')
})

test("links in the output folder that have a file's name", async (t) => {
  mkdirSync(join(folderOf(t), 'out'))
  const outside = join(folderOf(t), 'outside.txt')
  writeFileSync(outside, 'mine')
  symlinkSync(outside, join(folderOf(t), 'out', 'fox.png'))
  symlinkSync(join(folderOf(t), 'nowhere.png'), join(folderOf(t), 'out', 'dog.png'))
  const server = await startHostile(t)
  for (const name of ['fox', 'dog']) {
    assertExit(await txt2img(t, server, ['--name', name]), 0)
    assertExit(
      await txt2img(t, server, ['--name', name, '--on-exists', 'overwrite', '--sidecar', '--force']),
      0,
    )
  }
  assert.equal(readFileSync(outside, 'utf8'), 'mine')
  assert.ok(!existsSync(join(folderOf(t), 'nowhere.png')))
})

test('links in the output folder that lead to a folder elsewhere', async (t) => {
  mkdirSync(join(folderOf(t), 'out'))
  mkdirSync(join(folderOf(t), 'elsewhere'))
  symlinkSync(join(folderOf(t), 'elsewhere'), join(folderOf(t), 'out', 'sub'))
  const run = await txt2img(t, await startHostile(t), ['--name', 'sub/fox'])
  assertExit(run, 1)
  assert.match(run.stderr, /\[disk-failed\]/)
  assert.deepEqual(filesOf(t), [`out/sub -> ${join(folderOf(t), 'elsewhere')}`])
})

test('names and links that lead out of the folder of --server-output', async (t) => {
  const folder = join(folderOf(t), 'server')
  mkdirSync(join(folder, 'sub'), { recursive: true })
  const names = ['a.png', '../mine.png', 'link.png', 'up/mine.png', join(folderOf(t), 'mine.png'), 'sub']
  const images = names.map((filename) => ({ filename, subfolder: '', type: 'output' }))
  const server = await startHostile(t, {
    outputs: { 9: { images: [...images, { filename: 'mine.png', subfolder: '..', type: 'output' }] } },
  })
  const theirs = Buffer.from(await (await fetch(`${server.url}/view`)).arrayBuffer())
  writeFileSync(join(folder, 'a.png'), theirs)
  const mine = await sharp({ create: { width: 3, height: 3, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  writeFileSync(join(folderOf(t), 'mine.png'), mine)
  symlinkSync(join(folderOf(t), 'mine.png'), join(folder, 'link.png'))
  symlinkSync(folderOf(t), join(folder, 'up'))
  const run = await txt2img(t, server, ['--name', 'fox', '--server-output', 'server'])
  assertExit(run, 0)
  assert.doesNotMatch(run.stderr, /warning/)
  const saved = filesOf(t).filter((file) => file.startsWith('out'))
  assert.equal(saved.length, 7)
  for (const file of saved) assert.deepEqual(readFileSync(join(folderOf(t), file)), theirs)
})

test('folders of ours that a server at the end of a tunnel calls its own', async (t) => {
  // It knows where our pictures lie, one of them, and how we call the folder of this run; but it can put nothing there.
  const names = [
    '1-fox_1.png',
    '../../../known.png',
    '1-fox_2.png',
    '../../../mine.png',
    '..\\..\\..\\mine.png',
  ]
  const images: { filename: string; subfolder: string; type: string }[] = []
  const server = await startHostile(t, {
    routes: { 'GET /internal/folder_paths': answer({ checkpoints: [join(folderOf(t), 'checkpoints')] }) },
    outputs: { 9: { images } },
    onAsked: (_, body) => {
      const subfolder = /comfy-run\/[\w-]+\/0/.exec(body)?.[0] ?? ''
      images.push(...names.map((filename) => ({ filename, subfolder, type: 'output' })))
    },
  })
  const theirs = Buffer.from(await (await fetch(`${server.url}/view`)).arrayBuffer())
  const mine = await sharp({ create: { width: 3, height: 3, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  writeFileSync(join(folderOf(t), 'mine.png'), mine)
  writeFileSync(join(folderOf(t), 'known.png'), theirs)
  const run = await txt2img(t, server, ['--name', 'fox'], { env: { COMFY_RUN_SERVER_OUTPUT: undefined } })
  assertExit(run, 0)
  assert.equal(server.requests.filter(({ route }) => route === 'GET /internal/folder_paths').length, 1)
  const saved = filesOf(t).filter((file) => file.startsWith('out'))
  assert.equal(saved.length, names.length)
  for (const file of saved) assert.deepEqual(readFileSync(join(folderOf(t), file)), theirs)
})

test('endings that the system runs or other programs obey', async (t) => {
  assert.equal(
    await savedAs(t, ['.bashrc', 'run.exe', 'x.desktop', 'index.html', '.htaccess', 'desktop.ini']),
    12,
  )
})
