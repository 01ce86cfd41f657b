import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const isWindows = process.platform === 'win32'
const small = ['--set', 'steps=1', '-o', 'out', '--server', 'embedded']

async function file(t: TestContext, name: string, content: string | Uint8Array): Promise<void> {
  const path = join(folderOf(t), name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
}

async function picture(red: number): Promise<Buffer> {
  const background = { r: red, g: 0, b: 0 }
  return sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer()
}

test('a folder of images, or a pattern, is a job for each', async (t) => {
  await file(t, 'photos/a.png', await picture(1))
  await file(t, 'photos/b.png', await picture(2))
  await file(t, 'photos/notes.md', 'no image')
  assertExit(await comfyRun(t, ['batch', 'photos', '--name', '{image}', ...small]), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['a.png', 'b.png'])
  assertExit(await comfyRun(t, ['batch', 'photos/b*.png', '--name', 'only-{image}', '--force', ...small]), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['a.png', 'b.png', 'only-b.png'])
})

test('a folder of workflows is a job for each, and one that is none is told with the others', async (t) => {
  await mkdir(join(folderOf(t), 'graphs'))
  const graph = await readFile('workflows/txt2img.json', 'utf8')
  await file(t, 'graphs/one.json', graph)
  await copyFile('workflows/txt2img.json', join(folderOf(t), 'graphs/two.json'))
  const options = ['--size', '64x64', '--name', '{workflow}', '--seed', 'increment:5', ...small]
  assertExit(await comfyRun(t, ['batch', 'graphs', ...options]), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['one.png', 'two.png'])
  await file(t, 'graphs/bad.json', '{"nodes": ')
  await file(t, 'graphs/worse.json', '[]')
  const run = await comfyRun(t, ['batch', 'graphs/*.json', ...options])
  assertExit(run, 2)
  assert.match(run.stderr, /graphs\/bad\.json/)
  assert.match(run.stderr, /graphs\/worse\.json/)
  assert.match(run.stderr, /2 faults; nothing was queued/)
})

test('images beside workflows are no batch', async (t) => {
  await file(t, 'mixed/a.png', await picture(1))
  await file(t, 'mixed/a.json', '{}')
  const run = await comfyRun(t, ['batch', 'mixed', ...small])
  assertExit(run, 2)
  assert.match(run.stderr, /a\.png.*which are the jobs/)
})

test('rows with an image are img2img, others txt2img, and each may name a workflow', async (t) => {
  await file(t, 'jobs/in.png', await picture(3))
  await file(t, 'jobs/mine.json', await readFile('workflows/txt2img.json', 'utf8'))
  await file(
    t,
    'jobs/shots.csv',
    'prompt,image,workflow,scene,name\na fox,,,s1,{row.scene}-text\na cat,in.png,,s2,image\na dog,,mine.json,s3,own\n',
  )
  assertExit(await comfyRun(t, ['batch', 'jobs/shots.csv', '--meta', 'scene', ...small]), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['image.png', 'own.png', 's1-text.png'])
})

test('a seed column may hold lists, and a text file prompts of several lines', async (t) => {
  await file(t, 'shots.csv', 'prompt,seed\na fox,"1,5-6"\na cat,2\n')
  const name = ['--name', '{prompt}-{seed}', '--size', '64x64']
  assertExit(await comfyRun(t, ['batch', 'shots.csv', ...name, ...small]), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['a-cat-2.png', 'a-fox-1.png', 'a-fox-5.png', 'a-fox-6.png'])
  await file(t, 'prompts.txt', 'a bird,\nin flight\n---\na fish\n')
  const plan = await comfyRun(t, ['plan', 'prompts.txt', '--json', ...small])
  assertExit(plan, 0)
  assert.match(plan.stdout, /"prompt":"a bird,\\nin flight"/)
})

test('a table with twelve mistakes tells all twelve where they are, and queues nothing', async (t) => {
  const server = await startRig(t)
  await file(t, 'broken.png', 'no picture')
  await file(t, 'broken.json', '{"3": ')
  const lines = [
    'prompt,stpes,steps,seed,count,image,workflow,6.text,name',
    'a fox,1,,,,,,,',
    'a fox,,many,,,,,,',
    'a fox,,,-7,,,,,',
    'a fox,,,"9,5-3",,,,,',
    'a fox,,,,0,,,,',
    'a fox,,,,,nowhere.png,,,',
    'a fox,,,,,broken.png,,,',
    'a fox,,,,,,none.json,,',
    'a fox,,,,,,broken.json,,',
    'a fox,,,,,,,a cat,',
    'a fox,,,,,,,,{promt}',
    'a fox,,,,,,,,hero',
    'a cat,,,,,,,,hero',
    'a dog,,,,,,,,fine',
  ]
  await file(t, 'shots.csv', lines.join('\n'))
  const run = await comfyRun(t, ['batch', 'shots.csv', '--server', server.url, '-o', 'out'])
  assertExit(run, 2)
  const found = Array.from(run.stderr.matchAll(/--> shots\.csv:(\d+:\d+)/g), ([, place]) => place)
  const expected = [
    '1:8',
    '3:8',
    '4:9',
    '5:9',
    '6:10',
    '7:11',
    '8:11',
    '9:12',
    '10:12',
    '11:13',
    '12:14',
    '14:14',
  ]
  assert.deepEqual(found, expected, run.stderr)
  const codes = Array.from(run.stderr.matchAll(/^error: .*\[([a-z-]+)\]$/gm), ([, code]) => code)
  assert.deepEqual(codes, [
    'unknown-address',
    'bad-value',
    'bad-value',
    'bad-value',
    'bad-value',
    'file-not-found',
    'not-an-image',
    'file-not-found',
    'not-json',
    'bad-row',
    'bad-option',
    'name-clash',
  ])
  assert.match(run.stderr, /12 faults; nothing was queued/)
  assert.equal(server.promptsRun, 0)
})

/** A named pipe in the test's folder, into which what a file holds is written once. */
function pipeOf(t: TestContext, name: string, source: string): void {
  const folder = folderOf(t)
  execFileSync('sh', ['-c', `mkfifo ${name}`], { cwd: folder })
  const writing = spawn('sh', ['-c', `cat ${source} > ${name}`], { cwd: folder })
  t.after(() => writing.kill('SIGKILL'))
}

test('a pipe is read as stdin is: once, and what fails of it is written', { skip: isWindows }, async (t) => {
  const server = await startRig(t)
  await file(t, 'photo.png', await picture(1))
  await file(t, 'rows.csv', 'image,prefix\nphoto.png,a\nphoto.png,../../a\n')
  // With the extension of one format, and what comes is in another: a name says nothing of a pipe.
  pipeOf(t, 'jobs.json', 'rows.csv')
  const args = ['batch', 'jobs.json', '-o', 'out', '--server', server.url, '--failed-out', 'failed.csv']
  const run = await comfyRun(t, args)
  assertExit(run, 3)
  assert.equal(imagesIn(t, 'out').length, 1)
  const failed = await readFile(join(folderOf(t), 'failed.csv'), 'utf8')
  assert.equal(failed, 'image,prefix\nphoto.png,../../a\n')
})

test('a mistake in what comes through a pipe has its place there', { skip: isWindows }, async (t) => {
  await file(t, 'rows.csv', 'prompt,steps\na fox,4\na fox,many\n')
  pipeOf(t, 'jobs', 'rows.csv')
  const run = await comfyRun(t, ['batch', 'jobs', ...small])
  assertExit(run, 2)
  assert.match(run.stderr, /--> jobs:3:7/)
})
