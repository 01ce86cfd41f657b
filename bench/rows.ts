// Plans of 10,000, 100,000 and 1,000,000 rows: how long it takes to plan them (`comfy-run plan`), to run them on a server
// that does nothing, and to go on with a batch that is done (`comfy-run batch`), and how much memory. Each in a process of its
// own, as it is shipped: `npm run build` first. `node --import tsx bench/rows.ts [plan] [run] [resume] [rows...]`.
// docs/performance.md has the figures.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { Job } from '../src/plan/job.ts'
import { binary } from './rig/serve.ts'

const chosen = process.argv.slice(2)
const sizes = chosen.map(Number).filter((rows) => rows > 0)
const kinds = new Set(chosen.filter((word) => /^[a-z]+$/.test(word)))
const isWanted = (kind: string): boolean => kinds.size === 0 || kinds.has(kind)
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

interface Measured {
  readonly seconds: number
  /** Seconds of all its threads. */
  readonly cpu: number
  /** The most that was resident, in MB. */
  readonly rss: number
}

function measure(args: readonly string[]): Measured {
  const began = performance.now()
  const { status, stderr, output } = spawnSync(
    process.execPath,
    ['--import', pathOf('rig/meter.js'), ...args],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  )
  const seconds = (performance.now() - began) / 1000
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`)
  const { cpu, memory }: { cpu: number; memory: number } = JSON.parse(output[3] ?? '')
  return { seconds, cpu, rss: memory }
}

async function writeLines(file: string, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
  const stream = createWriteStream(file)
  for await (const line of lines) if (!stream.write(`${line}\n`)) await once(stream, 'drain')
  stream.end()
  await finished(stream)
}

function* table(rows: number): Generator<string> {
  yield 'prompt,steps,row.shot'
  for (let row = 1; row <= rows; row += 1) {
    yield `"a red fox in the snow, number ${row}",${10 + (row % 20)},s${row}`
  }
}

/** The journal of a batch that is done. Its images are empty files: they are there, with the size that it tells. */
async function* doneJournal(file: string, out: string): AsyncGenerator<string> {
  const { planJobs, loadWorkflow, readRows } = (await import(
    new URL('../dist/index.js', import.meta.url).href
  )) as typeof import('../src/index.ts')
  const salt = 'salt'
  const at = new Date().toISOString()
  yield JSON.stringify({ type: 'run', format: 1, version: '0', scope: 'batch', task: 'bench', salt, at })
  const workflow = await loadWorkflow(pathOf('../workflows/txt2img.json'))
  const plan = { workflow, rows: readRows(file), defaults: [], seedSalt: salt, sourceFolder: '.' }
  for await (const job of planJobs(plan)) {
    closeSync(openSync(join(out, `${job.name}.png`), 'w'))
    yield* entriesOf(job, at)
  }
}

function entriesOf({ key, name }: Job, at: string): string[] {
  const server = 'http://127.0.0.1:8188'
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  const ids = {
    promptId: '9b2f0b1e-7d9f-4a44-9a39-0f3f8a1d7c11',
    clientId: '1b2f0b1e-7d9f-4a44-9a39-0f3f8a1d7c12',
  }
  const files = [{ path: `${name}.png`, bytes: 0, sha256 }]
  return [
    JSON.stringify({ type: 'submitted', key, name, ...ids, server, at }),
    JSON.stringify({
      type: 'done',
      key,
      name,
      files,

      seconds: 4.2,
      server,
      at,
    }),
  ]
}

function show(what: string, rows: number, { seconds, cpu, rss }: Measured): void {
  const rate = Math.round(rows / seconds).toLocaleString('en')
  console.log(
    `${what.padEnd(7)} ${String(rows).padStart(8)} rows ${seconds.toFixed(1).padStart(7)} s ${cpu.toFixed(1).padStart(7)} s CPU ` +
      `${rate.padStart(9)} rows/s ${rss.toFixed(0).padStart(5)} MB at most`,
  )
}

const [processor] = cpus()
console.log(
  `Node ${process.version}, ${cpus().length} x ${processor?.model}, load ${loadavg()[0]?.toFixed(1)}`,
)
// A journal waits for the disk twice a job; in memory that takes no time.
const memoryDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
for (const rows of sizes.length > 0 ? sizes : [10_000, 100_000, 1_000_000]) {
  const folder = mkdtempSync(join(tmpdir(), 'comfy-run-rows-'))
  const shm = mkdtempSync(join(memoryDisk, 'comfy-run-rows-'))
  try {
    const file = join(folder, 'shots.csv')
    await writeLines(file, table(rows))
    if (isWanted('plan')) show('plan', rows, measure([binary, 'plan', file, '--out', join(folder, 'new')]))
    if (isWanted('run')) show('run', rows, measure([pathOf('rig/no-op-run.js'), file, shm]))
    if (!isWanted('resume')) continue
    const out = join(folder, 'done')
    mkdirSync(join(out, '.comfy-run'), { recursive: true })
    await writeLines(join(out, '.comfy-run/journal.jsonl'), doneJournal(file, out))
    const again = [binary, 'batch', file, '--out', out, '--server', 'embedded']
    // The journal that was made here knows of no check; what the first run leaves is what any run leaves.
    show('anew', rows, measure(again))
    show('resume', rows, measure(again))
  } finally {
    rmSync(folder, { recursive: true })
    rmSync(shm, { recursive: true })
  }
}
