// Shares a batch out among four servers, of which one is five times slower than the others and one dies in the middle,
// and compares the time that it takes with that of the best possible schedule. `node --import tsx bench/servers.ts
// [jobs] [milliseconds for a step]`.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RunEvent } from '../src/events.ts'
import { binary, serveProcess, type ServerProcess } from './rig/serve.ts'

const [jobs = 100, stepTime = 100] = process.argv.slice(2).map(Number)
const steps = 10
const slower = 5

interface Timed {
  readonly seconds: number
  /** Seconds from the first job's submission until the server was killed. */
  readonly killedAt: number
  readonly secondsPerJob: ReadonlyMap<string, number>
}

/** Runs the batch; kills `victim` when half of the jobs are done. */
async function run(folder: string, urls: readonly string[], victim: ServerProcess): Promise<Timed> {
  const options = ['--size', '64x64', '--steps', String(steps), '-o', 'out', '--json', '--patience', '1']
  const child = spawn(process.execPath, [binary, 'batch', 'shots.csv', ...options, '--server', urls.join()], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let began = 0
  let ended = 0
  let killedAt = 0
  let done = 0
  const serverOf = new Map<number, string>()
  const times = new Map<string, number[]>()
  for await (const line of createInterface(child.stdout)) {
    const event: RunEvent = JSON.parse(line)
    if (event.type === 'job-submitted') {
      began ||= performance.now()
      serverOf.set(event.job, event.server)
    }
    if (event.type !== 'job-finished') continue
    assert.equal(event.status, 'done')
    ended = performance.now()
    const server = serverOf.get(event.job) ?? ''
    times.set(server, [...(times.get(server) ?? []), event.seconds])
    done += 1
    if (done === Math.floor(jobs / 2)) {
      killedAt = (performance.now() - began) / 1000
      victim.kill()
    }
  }
  const medians = Array.from(times, ([server, all]): [string, number] => [server, median(all)])
  return { seconds: (ended - began) / 1000, killedAt, secondsPerJob: new Map(medians) }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** The least time in which all jobs could be done: each server works without a pause, the victim until it dies. */
function ideal({ secondsPerJob, killedAt }: Timed, victim: string): number {
  const doneAfter = (seconds: number): number =>
    Array.from(secondsPerJob).reduce(
      (sum, [server, each]) =>
        sum + Math.floor((server === victim ? Math.min(killedAt, seconds) : seconds) / each),
      0,
    )
  let seconds = 0
  while (doneAfter(seconds) < jobs) seconds += 0.01
  return seconds
}

const folder = mkdtempSync(join(tmpdir(), 'comfy-run-servers-'))
const prompts = Array.from({ length: jobs }, (_, index) => `job ${index}`)
writeFileSync(join(folder, 'shots.csv'), ['prompt', ...prompts].join('\n'))
const servers = await Promise.all(
  [1, 1, 1, slower].map(async (factor) => serveProcess(['--step-time', String(stepTime * factor)])),
)
const [victim] = servers
assert.ok(victim)
const timed = await run(
  folder,
  servers.map(({ url }) => url),
  victim,
)
const best = ideal(timed, victim.url)
const images = readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.png')).length
assert.equal(images, jobs)
console.log(
  `${jobs} jobs on 4 servers, one ${slower} times slower, one killed after ${timed.killedAt.toFixed(1)} s: ` +
    `${images} images in ${timed.seconds.toFixed(1)} s; the best schedule takes ${best.toFixed(1)} s; ` +
    `ratio ${(timed.seconds / best).toFixed(3)}`,
)
rmSync(folder, { recursive: true })
process.exit(0)
