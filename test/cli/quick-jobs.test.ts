import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { quickJobs } from '../rig/quick-jobs.ts'
import { assertExit, comfyRun, startRig, type Finished } from '../rig/rig.ts'

const limit = { timeout: 60_000 }
const jobs = 40

/** Runs jobs of milliseconds. Returns what came, and under how many client ids they were posted. */
async function run(
  t: TestContext,
  ...options: readonly string[]
): Promise<{ readonly finished: Finished; readonly clients: number }> {
  const server = await startRig(t)
  const args = quickJobs(t, jobs, server.url)
  const finished = await comfyRun(t, [...args, ...options])
  assertExit(finished, 0)
  assert.equal(imagesIn(t, 'out').length, jobs)
  const journal = readFileSync(join(folderOf(t), 'out/.comfy-run/journal.jsonl'), 'utf8')
  const ids = Array.from(journal.matchAll(/"clientId":"([^"]+)"/g), ([, id]) => id)
  assert.equal(ids.length, jobs)
  return { finished, clients: new Set(ids).size }
}

test('the server need not tell of the nodes of jobs that take it milliseconds', limit, async (t) => {
  assert.equal((await run(t)).clients, 2)
})

test('with --json it tells of every one', limit, async (t) => {
  const { finished, clients } = await run(t, '--json')
  assert.equal(clients, 1)
  assert.equal(finished.stdout.match(/"type":"node-finished"/g)?.length, 2 * jobs)
})

test('where failures are to end the run, each is known before the next job is begun', limit, async (t) => {
  assert.equal((await run(t, '--halt', 'now,fail=1')).clients, 1)
})
