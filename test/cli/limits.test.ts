import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

async function shots(t: TestContext, text: string): Promise<void> {
  await writeFile(join(folderOf(t), 'shots.csv'), text)
}

const small = ['--size', '64x64', '--steps', '2', '--name', '{prompt}', '-o', 'out']

test('--max-jobs leaves the rest for another run: exit 7, then 0', async (t) => {
  const server = await startRig(t)
  await shots(t, 'prompt\none\ntwo\nthree\nfour\n')
  const args = ['batch', 'shots.csv', ...small, '--max-jobs', '2', '--server', server.url]
  assertExit(await comfyRun(t, args), 7)
  assert.deepEqual(imagesIn(t, 'out'), ['one.png', 'two.png'])
  assertExit(await comfyRun(t, args), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['four.png', 'one.png', 'three.png', 'two.png'])
  assert.equal(server.promptsRun, 4)
})

test('--max-duration ends a run as the first Ctrl-C does: exit 7, nothing half done', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 20 })
  await shots(t, 'prompt\none\ntwo\nthree\nfour\n')
  const args = [
    'batch',
    'shots.csv',
    ...small,
    '--steps',
    '40',
    '--max-duration',
    '0.4',
    '--server',
    server.url,
  ]
  const run = await comfyRun(t, [...args, '--json'])
  assertExit(run, 7)
  assert.match(run.stdout, /"run-stopping","cancelling":false,"reason":"the time of --max-duration is up/)
  assert.equal(imagesIn(t, 'out').length, server.promptsRun)
})

test('--halt soon begins nothing new after so many failures', async (t) => {
  const server = await startRig(t)
  await shots(t, 'prompt,prefix\none,../../../../a\ntwo,../../../../a\nthree,a\nfour,a\nfive,a\n')
  const args = ['batch', 'shots.csv', ...small, '--halt', 'soon,fail=1', '--server', server.url]
  const run = await comfyRun(t, [...args, '--json'])
  assert.notEqual(run.exitCode, 0)
  assert.match(run.stdout, /"run-stopping","cancelling":false,"reason":"--halt soon,fail=1"/)
  assert.ok(server.promptsRun < 3)
})

test('a wrong halt rule is refused', async (t) => {
  const run = await comfyRun(t, ['txt2img', 'a fox', '--halt', 'sometimes', '--server', 'embedded'])
  assertExit(run, 2)
  assert.match(run.stderr, /--halt wants/)
})
