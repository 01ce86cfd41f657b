import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

async function shots(t: TestContext): Promise<void> {
  await writeFile(join(folderOf(t), 'shots.csv'), 'prompt,steps\none,5\ntwo,\nthree,2\n')
}

const options = ['--size', '64x64', '--name', '{prompt}', '-o', 'out']

test('plan counts and shows what would run, and needs no server', async (t) => {
  await shots(t)
  const run = await comfyRun(t, ['plan', 'shots.csv', ...options, '--server', 'http://127.0.0.1:1'])
  assertExit(run, 0)
  assert.match(run.stdout, /^1 +one +.*steps=5/m)
  assert.match(run.stderr, /^3 jobs, 29 sampler steps; nothing was queued$/m)
  assert.deepEqual(imagesIn(t, 'out'), [])
})

test('plan knows what is done already, and how long the rest may take', async (t) => {
  const server = await startRig(t)
  await shots(t)
  assertExit(await comfyRun(t, ['batch', 'shots.csv', ...options, '--server', server.url]), 0)
  await writeFile(join(folderOf(t), 'shots.csv'), 'prompt,steps\none,5\nfour,7\n')
  const run = await comfyRun(t, ['plan', 'shots.csv', ...options, '--server', 'embedded'])
  assertExit(run, 0)
  assert.match(run.stderr, /^2 jobs, 1 done already, 1 to run, 7 sampler steps/m)
  assert.doesNotMatch(run.stdout, /one/)
})

test('plan --json gives every job with its graph', async (t) => {
  await shots(t)
  const run = await comfyRun(t, ['plan', 'shots.csv', ...options, '--seed', '18446744073709551615', '--json'])
  assertExit(run, 0)
  const lines = run.stdout.trim().split('\n')
  assert.equal(lines.length, 4)
  assert.match(lines[0] ?? '', /"type":"job-planned","job":1,.*"seed":18446744073709551615/)
  assert.deepEqual(JSON.parse(lines[3] ?? ''), {
    type: 'plan-totals',
    done: 0,
    failed: 0,
    toRun: 3,
    steps: 29,
  })
})

test('a saved plan runs exactly as it was planned, whatever became of its sources', async (t) => {
  const server = await startRig(t)
  await shots(t)
  assertExit(await comfyRun(t, ['plan', 'shots.csv', ...options, '--save', 'run.plan.jsonl']), 0)
  await writeFile(join(folderOf(t), 'shots.csv'), 'prompt\nanother\n')
  const args = ['batch', 'run.plan.jsonl', '-o', 'out', '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['one.png', 'three.png', 'two.png'])
  assertExit(await comfyRun(t, args), 0)
  assert.equal(server.promptsRun, 3)
})

test('a saved plan whose files have changed since is not run', async (t) => {
  const server = await startRig(t)
  const photo = join(folderOf(t), 'photo.png')
  const [red, blue] = await Promise.all(
    ['red', 'blue'].map(async (background) =>
      sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  )
  assert.ok(red && blue)
  await writeFile(photo, red)
  await writeFile(join(folderOf(t), 'shots.csv'), 'prompt,image,expect\none,photo.png,similar=photo.png:0\n')
  const plan = ['plan', 'shots.csv', '--steps', '1', '-o', 'out', '--save', 'run.plan.jsonl']
  assertExit(await comfyRun(t, plan), 0)
  await writeFile(photo, blue)
  const batch = ['batch', 'run.plan.jsonl', '-o', 'out', '--server', server.url]
  const changed = await comfyRun(t, batch)
  assertExit(changed, 2)
  assert.match(changed.stderr, /photo\.png is not what it was when the plan was made/)
  assert.match(changed.stderr, /run\.plan\.jsonl:2/)
  await rm(photo)
  const gone = await comfyRun(t, batch)
  assertExit(gone, 2)
  assert.match(gone.stderr, /\[file-not-found\]/)
  assert.equal(server.promptsRun, 0)
  await writeFile(photo, red)
  assertExit(await comfyRun(t, batch), 0)
  assert.equal(server.promptsRun, 1)
})

test('what the server would refuse of a saved plan is told before anything is queued, each thing once', async (t) => {
  const server = await startRig(t)
  await shots(t)
  const wrong = [...options, '--sampler', 'euler_ancestrel', '--cfg', '1000']
  assertExit(await comfyRun(t, ['plan', 'shots.csv', ...wrong, '--save', 'run.plan.jsonl']), 0)
  const refused = await comfyRun(t, ['batch', 'run.plan.jsonl', '-o', 'out', '--server', server.url])
  assertExit(refused, 5)
  assert.deepEqual(refused.stderr.match(/\[value-[\w-]+\]/g)?.toSorted(), [
    '[value-not-in-list]',
    '[value-out-of-range]',
  ])
  assert.match(refused.stderr, /did you mean "euler_ancestral"/)
  assert.match(refused.stderr, /run\.plan\.jsonl:2/)
  assert.equal(server.promptsRun, 0)
})

test('a saved plan can not be changed by options, nor be anything else', async (t) => {
  await shots(t)
  assertExit(await comfyRun(t, ['plan', 'shots.csv', ...options, '--save', 'run.plan.jsonl']), 0)
  const changed = await comfyRun(t, ['batch', 'run.plan.jsonl', '--steps', '3', '--server', 'embedded'])
  assertExit(changed, 2)
  assert.match(changed.stderr, /run as it is/)
  const plan = await readFile(join(folderOf(t), 'run.plan.jsonl'), 'utf8')
  await writeFile(join(folderOf(t), 'torn.plan.jsonl'), plan.slice(0, -20))
  const torn = await comfyRun(t, ['batch', 'torn.plan.jsonl', '--server', 'embedded'])
  assertExit(torn, 2)
  assert.match(torn.stderr, /torn\.plan\.jsonl:4/)
})
