import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RunFinished } from '../../src/events.ts'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig, type Finished } from '../rig/rig.ts'

const small = ['--size', '64x64', '--steps', '2', '--out', 'out', '--json']

function lastEvent({ stdout }: Finished): RunFinished {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

async function prompts(t: TestContext, count: number): Promise<string> {
  const lines = Array.from({ length: count }, (_, index) => `fox ${index}`)
  await writeFile(join(folderOf(t), 'prompts.txt'), lines.join('\n'))
  return 'prompts.txt'
}

test('a batch is shared out among several servers', async (t) => {
  const [a, b] = [await startRig(t), await startRig(t)]
  const file = await prompts(t, 8)
  const run = await comfyRun(t, ['batch', file, '--server', a.url, '--server', b.url, ...small])
  assertExit(run, 0)
  assert.equal(imagesIn(t, 'out').length, 8)
  const { servers } = lastEvent(run)
  assert.deepEqual(
    servers.map(({ server }) => server),
    [a.url, b.url],
  )
  assert.equal(a.promptsRun + b.promptsRun, 8)
  assert.ok(servers.every(({ jobs }) => jobs > 0))
})

test('a server that dies leaves its jobs to the others', async (t) => {
  const b = await startRig(t)
  let steps = 0
  const a = await startRig(t, {
    onStep: async () => {
      steps += 1
      if (steps === 3) await a.close()
    },
  })
  const file = await prompts(t, 10)
  const run = await comfyRun(t, [
    'batch',
    file,
    '--server',
    `${a.url},${b.url}`,
    '--patience',
    '0.5',
    ...small,
  ])
  assertExit(run, 0)
  assert.equal(imagesIn(t, 'out').length, 10)
  assert.match(run.stdout, /"type":"server-left"/)
  const { done, failed } = lastEvent(run)
  assert.deepEqual([done, failed], [10, 0])
})

test('each server gets its own headers, and the files that it needs', async (t) => {
  const [a, b] = [await startRig(t), await startRig(t)]
  const folder = folderOf(t)
  await writeFile(join(folder, 'servers.yaml'), `- ${a.url}\n- { url: "${b.url}", token: t }\n`)
  const first = await comfyRun(t, ['txt2img', 'fox', '--count', '2', '--servers', 'servers.yaml', ...small])
  assertExit(first, 0)
  const photo = lastEvent(first)
  assert.equal(photo.files, 2)
  assert.deepEqual([a.promptsRun, b.promptsRun], [1, 1])
})

test('a list of servers that is wrong is told with its place, and nothing is run', async (t) => {
  await writeFile(join(folderOf(t), 'servers.yaml'), '- http://a\n- 5\n')
  const run = await comfyRun(t, ['txt2img', 'fox', '--servers', 'servers.yaml'])
  assertExit(run, 2)
  assert.match(run.stderr, /--> servers\.yaml:2:3/)
})

test('when no server can be reached, the first one is named', async (t) => {
  const gone = await startRig(t)
  await gone.close()
  const run = await comfyRun(t, ['txt2img', 'fox', '--server', gone.url, '--server', 'http://127.0.0.1:9'])
  assertExit(run, 4)
  assert.match(run.stderr, new RegExp(gone.url))
})
