import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, said, startComfyRun, startRig } from '../rig/rig.ts'

/** Long enough that no job ends by itself while a test looks. */
const endless = ['--steps', '10000', '--size', '64x64', '--json', '-o', 'out']

async function queue(url: string): Promise<{ queue_running: unknown[][]; queue_pending: unknown[][] }> {
  const answer = await fetch(`${url}/queue`)
  return (await answer.json()) as { queue_running: unknown[][]; queue_pending: unknown[][] }
}

test("Ctrl-C cancels the server's job: exit 130, queue empty", async (t) => {
  const server = await startRig(t, { stepMilliseconds: 5 })
  const { child, finished } = startComfyRun(t, ['txt2img', 'a fox', ...endless, '--server', server.url])
  await said(child, '"sampler-step"')
  child.kill('SIGINT')
  const run = await finished
  assertExit(run, 130)
  assert.match(run.stdout, /"status":"cancelled"/)
  const { queue_running, queue_pending } = await queue(server.url)
  assert.deepEqual([queue_running, queue_pending], [[], []])
  assert.deepEqual(imagesIn(t, 'out'), [])
})

test('SIGTERM does the same with exit 143', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 5 })
  const { child, finished } = startComfyRun(t, ['txt2img', 'a fox', ...endless, '--server', server.url])
  await said(child, '"sampler-step"')
  child.kill('SIGTERM')
  assertExit(await finished, 143)
  assert.deepEqual((await queue(server.url)).queue_running, [])
})

test("somebody else's job is left alone", async (t) => {
  const server = await startRig(t, { stepMilliseconds: 5 })
  const theirs = startComfyRun(t, ['txt2img', 'a cat', ...endless, '--server', server.url])
  await said(theirs.child, '"sampler-step"')
  const ours = startComfyRun(t, ['txt2img', 'a fox', ...endless, '--server', server.url])
  await said(ours.child, '"job-submitted"')
  ours.child.kill('SIGINT')
  assertExit(await ours.finished, 130)
  const { queue_running, queue_pending } = await queue(server.url)
  assert.deepEqual([queue_running.length, queue_pending.length], [1, 0])
  theirs.child.kill('SIGINT')
  assertExit(await theirs.finished, 130)
})

test('in a batch the first Ctrl-C finishes what runs, and takes back what waits', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 20 })
  await writeFile(join(folderOf(t), 'shots.txt'), 'one\ntwo\nthree\nfour\n')
  const args = [
    'batch',
    'shots.txt',
    '--steps',
    '20',
    '--size',
    '64x64',
    '--name',
    '{prompt}',
    '--json',
    '-o',
    'out',
  ]
  const { child, finished } = startComfyRun(t, [...args, '--server', server.url])
  await said(child, '"job-submitted"', 2)
  child.kill('SIGINT')
  const run = await finished
  assertExit(run, 130)
  assert.deepEqual(imagesIn(t, 'out'), ['one.png'])
  assert.equal(server.promptsRun, 1)
  assert.match(run.stdout, /"done":1,"failed":0,"cancelled":1,.*"notRun":2/)
})

test('a second Ctrl-C cancels what runs', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 5 })
  await writeFile(join(folderOf(t), 'shots.txt'), 'one\ntwo\nthree\n')
  const { child, finished } = startComfyRun(t, ['batch', 'shots.txt', ...endless, '--server', server.url])
  await said(child, '"sampler-step"')
  child.kill('SIGINT')
  await said(child, '"run-stopping"')
  child.kill('SIGINT')
  assertExit(await finished, 130)
  assert.deepEqual((await queue(server.url)).queue_running, [])
})

test('--timeout stops a job that runs too long: exit 1', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 5 })
  const args = ['txt2img', 'a fox', ...endless, '--timeout', '0.2', '--server', server.url]
  const { finished } = startComfyRun(t, args)
  const run = await finished
  assertExit(run, 1)
  assert.match(run.stdout, /job-timed-out/)
  assert.deepEqual((await queue(server.url)).queue_running, [])
})

test('a reader that goes away ends the run quietly, and its prompt', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 5 })
  const { child, finished } = startComfyRun(t, ['txt2img', 'a fox', ...endless, '--server', server.url])
  await said(child, '"sampler-step"')
  child.stdout?.destroy()
  const run = await finished
  assertExit(run, 141)
  assert.doesNotMatch(run.stderr, /EPIPE/)
  assert.deepEqual((await queue(server.url)).queue_running, [])
})
