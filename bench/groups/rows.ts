import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, createWriteStream, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { Job } from '../../src/plan/job.ts'
import { markdown } from '../rig/figures.ts'
import type { BenchOptions } from '../rig/options.ts'
import { binary } from '../rig/serve.ts'
import { temporaryFolder } from '../rig/temporary-folder.ts'

/**
 * Plans of 10,000 to 1,000,000 rows: how long it takes to plan them (`comfy-run plan`), to run them on a server that does
 * nothing, and to go on with a batch that is done (`comfy-run batch`) or lacks a file, and how much memory. Each in a
 * process of its own, as it is shipped.
 */
export async function rows({ quick }: BenchOptions): Promise<string> {
  const sizes = quick ? [100] : [10_000, 100_000, 1_000_000]
  const all: { readonly rows: number; readonly measured: Readonly<Record<string, Measured>> }[] = []
  for (const size of sizes) all.push({ rows: size, measured: await measureRows(size) })
  const [smallest] = all
  const table = Object.keys(smallest?.measured ?? {}).flatMap((kind) =>
    all.flatMap(({ rows, measured }) => {
      const [one, least] = [measured[kind], smallest?.measured[kind]]
      if (!one || !least) return []
      const rate = Math.round(rows / one.seconds).toLocaleString('en')
      return [
        [
          kind,
          rows.toLocaleString('en'),
          `${one.seconds.toFixed(1)} s`,
          `${one.cpu.toFixed(1)} s`,
          rate,
          `${one.rss.toFixed(0)} MB`,
          (one.rss / least.rss).toFixed(2),
        ],
      ]
    }),
  )
  const few = smallest?.rows.toLocaleString('en')
  return markdown(
    ['', 'rows', 'on the clock', 'CPU', 'rows/s', 'most memory', `of that of ${few} rows`],
    table,
  )
}

async function measureRows(rows: number): Promise<Record<string, Measured>> {
  const folder = temporaryFolder()
  // A journal waits for the disk twice a job; in memory that takes no time.
  const shm = temporaryFolder(existsSync('/dev/shm') ? '/dev/shm' : undefined)
  const file = join(folder, 'shots.csv')
  await writeLines(file, table(rows))
  const plan = measure([binary, 'plan', file, '--out', join(folder, 'new')])
  const run = measure([pathOf('../rig/no-op-run.js'), file, shm])
  const out = join(folder, 'done')
  mkdirSync(join(out, '.comfy-run'), { recursive: true })
  await writeLines(join(out, '.comfy-run/journal.jsonl'), doneJournal(file, out))
  const again = [binary, 'batch', file, '--out', out, '--server', 'embedded']
  // The journal that was made here knows of no check; what the first run leaves is what any run leaves.
  const anew = measure(again)
  const resume = measure(again)
  const middle = `number-${Math.ceil(rows / 2)}_`
  rmSync(join(out, readdirSync(out).find((name) => name.includes(middle)) ?? middle))
  return { plan, run, anew, resume, mend: measure(again) }
}

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
    ['--import', pathOf('../rig/meter.js'), ...args],
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
    new URL('../../dist/index.js', import.meta.url).href
  )) as typeof import('../../src/index.ts')
  const salt = 'salt'
  const at = new Date().toISOString()
  yield JSON.stringify({ type: 'run', format: 1, version: '0', scope: 'batch', task: 'bench', salt, at })
  const workflow = await loadWorkflow(pathOf('../../workflows/txt2img.json'))
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
    JSON.stringify({ type: 'done', key, name, files, seconds: 4.2, server, at }),
  ]
}
