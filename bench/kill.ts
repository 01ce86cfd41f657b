// Kills a batch at random moments and goes on with it, until it is done: every job must have run once, every
// image must be there. `node --import tsx bench/kill.ts [jobs] [kills] [seed]`.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startEmbeddedServer } from '../src/embedded/server.ts'

const binary = fileURLToPath(new URL('../bin/comfy-run.js', import.meta.url))
const [jobs = 200, kills = 50, seed = 1] = process.argv.slice(2).map(Number)

/** Numbers from 0 to 1, the same for the same seed (a linear congruential generator). */
function randoms(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Runs the batch; kills it after so many milliseconds, if a time is given. Resolves to the exit code. */
async function run(folder: string, url: string, killAfter?: number): Promise<number | null> {
  const args = ['batch', 'shots.csv', '--size', '64x64', '--steps', '4', '--name', '{prompt}', '-o', 'out']
  const child = spawn(process.execPath, [binary, ...args, '--server', url, '--quiet'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  if (killAfter !== undefined) {
    await Promise.race([ended, delay(killAfter)])
    child.kill('SIGKILL')
  }
  return ended
}

const folder = mkdtempSync(join(tmpdir(), 'comfy-run-kill-'))
const random = randoms(seed)
const server = await startEmbeddedServer({ stepMilliseconds: 60 })
const prompts = Array.from({ length: jobs }, (_, index) => `job-${String(index).padStart(5, '0')}`)
writeFileSync(join(folder, 'shots.csv'), ['prompt', ...prompts].join('\n'))
let killed = 0
for (; killed < kills; killed += 1) {
  if ((await run(folder, server.url, 300 + random() * 1200)) !== null) break
}
assert.equal(await run(folder, server.url), 0)
const files = readdirSync(join(folder, 'out'), { withFileTypes: true }).filter((entry) => entry.isFile())
assert.deepEqual(
  files.map(({ name }) => name).sort(),
  prompts.map((prompt) => `${prompt}.png`),
)
const journal = readFileSync(join(folder, 'out/.comfy-run/journal.jsonl'), 'utf8')
const posted = new Set(journal.match(/"promptId":"[^"]+"/g))
console.log(
  `${jobs} jobs, ${killed} kills, seed ${seed}: ${files.length} images, ${server.promptsRun} prompts run, ${posted.size} recorded`,
)
assert.equal(server.promptsRun, jobs)
await server.close()
rmSync(folder, { recursive: true })
