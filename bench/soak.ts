// Thousands of jobs on four servers that misbehave by chance, one of which is killed and restarted again and again:
// every image must be there and be the right one. `node --import tsx bench/soak.ts [jobs] [chance] [jobs between kills]
// [seed]`. The figures stand in docs/reliability.md.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import sharp from 'sharp'
import type { RunEvent } from '../src/events.ts'
import { readPngText } from '../src/protocol/png-text.ts'
import { binary, serveProcess, type ServerProcess } from './rig/serve.ts'

const [jobs = 10_000, chance = 0.05, between = 500, seed = 1] = process.argv.slice(2).map(Number)
/** No job is on a server for longer, in milliseconds. */
const longestJob = 5000
const folder = mkdtempSync(join(tmpdir(), 'comfy-run-soak-'))
const nameOf = (index: number): string => `job-${String(index).padStart(5, '0')}`
const names = Array.from({ length: jobs }, (_, index) => nameOf(index + 1))

async function start(index: number, port = '0'): Promise<ServerProcess> {
  const fault = `chaos:${seed + index}:${chance * 100}%`
  return serveProcess(['--port', port, '--folder', join(folder, `server-${index}`), '--fault', fault])
}

/** What the run told of each job, and of itself. */
class Account {
  readonly submitted = new Map<number, number>()
  readonly retried = new Map<number, number>()
  /** Megabytes of resident memory, at each tenth of the run. */
  readonly memory: number[] = []
  done = 0
  warnings = 0

  hear(event: RunEvent, pid: number): void {
    if (event.type === 'job-submitted') count(this.submitted, event.job)
    if (event.type === 'job-warning') count(this.retried, event.job)
    if (event.type !== 'job-finished') return
    if (event.status === 'done') this.done += 1
    else console.log(`${event.name}: ${event.status}: ${event.error?.message}`)
    if (this.done % Math.ceil(jobs / 10) === 0) this.memory.push(residentMegabytes(pid))
  }
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}

/** The images in a folder, by the prompt that their own metadata hold. */
function promptsIn(path: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.png')) continue
    const prompt = /job-\d{5}/.exec(readPngText(readFileSync(join(path, name)))?.get('prompt') ?? '')?.[0]
    if (prompt !== undefined) count(found, prompt)
  }
  return found
}

writeFileSync(join(folder, 'shots.csv'), ['prompt', ...names].join('\n'))
const servers = await Promise.all([0, 1, 2, 3].map(async (index) => start(index)))
const began = performance.now()
const urls = servers.map(({ url }) => url).join()
const small = ['--size', '64x64', '--steps', '2', '--name', '{prompt}', '-o', 'out', '--json']
const child = spawn(
  process.execPath,
  [binary, 'batch', 'shots.csv', ...small, '--retries', '50', '--patience', '5', '--server', urls],
  { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
)
const exited = new Promise<number | null>((resolve) => child.on('close', resolve))
const account = new Account()
let kills = 0
/** When each server was killed, by its address. */
const killedAt = new Map<string, number[]>()
for await (const line of createInterface(child.stdout)) {
  const event: RunEvent = JSON.parse(line)
  account.hear(event, child.pid ?? 0)
  if (event.type === 'job-finished' && account.done >= (kills + 1) * between && account.done < jobs) {
    const index = kills % servers.length
    const victim = servers[index]
    assert.ok(victim)
    victim.kill()
    killedAt.set(victim.url, [...(killedAt.get(victim.url) ?? []), Date.now()])
    kills += 1
    servers[index] = await start(index, new URL(victim.url).port)
  }
}
const exitCode = await exited
const seconds = (performance.now() - began) / 1000

const files = readdirSync(join(folder, 'out')).filter((name) => name !== '.comfy-run')
const here = promptsIn(join(folder, 'out'))
let broken = 0
for (const file of files) {
  await sharp(join(folder, 'out', file))
    .raw()
    .toBuffer()
    .catch(() => (broken += 1))
}
const onServers = new Map<string, number>()
for (const index of servers.keys()) {
  for (const [prompt, times] of promptsIn(join(folder, `server-${index}`, 'output')))
    onServers.set(prompt, (onServers.get(prompt) ?? 0) + times)
}
const right = names.filter((name) => here.get(name) === 1 && files.includes(`${name}.png`)).length
const again = names.filter((name) => (onServers.get(name) ?? 0) > 1)
/** What the journal has of each job's submissions: one whose server was killed after it was lost there. */
const lostByKills = new Map<string, number>()
for (const line of readFileSync(join(folder, 'out/.comfy-run/journal.jsonl'), 'utf8').trim().split('\n')) {
  const { type, name, server, at }: Record<string, string | undefined> = JSON.parse(line)
  if (type !== 'submitted' || name === undefined || server === undefined || at === undefined) continue
  const sent = Date.parse(at)
  const wasLost = killedAt.get(server)?.some((killed) => killed > sent && killed < sent + longestJob)
  if (wasLost) count(lostByKills, name)
}
const unexplained = again.filter((name) => {
  const job = names.indexOf(name) + 1
  return (onServers.get(name) ?? 0) > 1 + (account.retried.get(job) ?? 0) + (lostByKills.get(name) ?? 0)
})
const submissions = [...account.submitted.values()].reduce((sum, times) => sum + times, 0)
console.log(
  [
    `${jobs} jobs, chance ${chance}, seed ${seed}, ${kills} kills: exit code ${exitCode}, ${seconds.toFixed(0)} s`,
    `${right} right images of ${files.length} files, ${broken} broken, ${jobs - right} lost`,
    `${submissions} submissions; ${again.length} jobs were run more than once, ${unexplained.length} of them unexplained`,
    `memory in MB at each tenth: ${account.memory.join(' ')}`,
  ].join('\n'),
)
assert.deepEqual([exitCode, right, files.length, broken, unexplained.length], [0, jobs, jobs, 0, 0])
rmSync(folder, { recursive: true })
process.exit(0)
