import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RunEvent } from '../../src/events.ts'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const models = ['sdXL_v10VAEFix.safetensors', 'v1-5-pruned-emaonly-fp16.safetensors']

/** Runs 40 rows that alternate between two models. Resolves to what happened. */
async function alternate(t: TestContext, ...more: readonly string[]): Promise<RunEvent[]> {
  const server = await startRig(t)
  const rows = Array.from({ length: 40 }, (_, index) => `fox ${index},${models[index % 2]}`)
  await writeFile(join(folderOf(t), 'shots.csv'), ['prompt,model', ...rows].join('\n'))
  const small = ['--size', '64x64', '--steps', '1', '-o', 'out', '--json']
  const run = await comfyRun(t, ['batch', 'shots.csv', '--server', server.url, ...small, ...more])
  assertExit(run, 0)
  return run.stdout
    .trim()
    .split('\n')
    .map((line): RunEvent => JSON.parse(line))
}

function loads(events: readonly RunEvent[]): number {
  return events.filter(
    (event) => event.type === 'node-started' && event.classType === 'CheckpointLoaderSimple',
  ).length
}

function order(events: readonly RunEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'job-submitted' ? [event.job] : []))
}

test('jobs of one model are run together, so that it is loaded once', async (t) => {
  const events = await alternate(t)
  assert.equal(loads(events), 2)
  const [odd, even] = [0, 1].map((rest) => Array.from({ length: 20 }, (_, index) => 2 * index + 1 + rest))
  assert.deepEqual(order(events), [...odd!, ...even!])
})

test('--keep-order runs them as they stand', async (t) => {
  const events = await alternate(t, '--keep-order')
  assert.equal(loads(events), 40)
  assert.deepEqual(
    order(events),
    Array.from({ length: 40 }, (_, index) => index + 1),
  )
})
