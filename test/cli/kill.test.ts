import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startComfyRun, startRig } from '../rig/rig.ts'

const jobs = 12
const kills = 10
const seed = 20_261_124

/** Whole numbers below `limit`, the same for the same seed (a linear congruential generator). */
function randoms(start: number): (limit: number) => number {
  let state = start
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

/** Runs the command, and kills it after so many of its events; it may have ended by then. */
async function killAfter(t: TestContext, args: readonly string[], events: number): Promise<void> {
  const { child, finished } = startComfyRun(t, [...args, '--json'])
  let seen = 0
  child.stdout?.on('data', (text: string) => {
    seen += text.split('\n').length - 1
    if (seen >= events) child.kill('SIGKILL')
  })
  await finished
}

test(`a batch that is killed ${kills} times makes each image once (seed ${seed})`, async (t) => {
  const server = await startRig(t)
  const random = randoms(seed)
  const prompts = Array.from({ length: jobs }, (_, index) => `job-${String(index).padStart(3, '0')}`)
  await writeFile(join(folderOf(t), 'shots.csv'), ['prompt', ...prompts].join('\n'))
  const args = ['batch', 'shots.csv', '--size', '64x64', '--steps', '2', '--name', '{prompt}', '-o', 'out']
  const all = [...args, '--server', server.url]
  for (let kill = 0; kill < kills; kill += 1) await killAfter(t, all, 2 + random(40))
  assertExit(await comfyRun(t, all), 0)
  const out = join(folderOf(t), 'out')
  const files = readdirSync(out, { withFileTypes: true }).filter((entry) => entry.isFile())
  assert.deepEqual(
    files.map(({ name }) => name).sort(),
    prompts.map((prompt) => `${prompt}.png`),
  )
  assert.equal(server.promptsRun, jobs)
  const journal = readFileSync(join(out, '.comfy-run/journal.jsonl'), 'utf8')
  const done = journal.match(/"type":"done","key":"[^"]+"/g) ?? []
  assert.equal(new Set(done).size, jobs)
})
