// How many no-op jobs a second, beside what the server does when all are posted at once and nothing is fetched; and how
// long the server is idle between two jobs, by its own clock. `node --import tsx bench/throughput.ts [--server URL]
// [--jobs 300] [--pairs 5] [--size 64]`.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { leanClient, plainLoop, postAll } from './rig/clients.ts'
import { runBinary } from './rig/comfy-run.ts'
import { interleaved, markdown, median, quantile } from './rig/figures.ts'
import { freshColors, noOpBatch, noOpGraph, removeFolder } from './rig/no-op.ts'
import { serveProcess } from './rig/serve.ts'
import { gaps, promptTimes } from './rig/times.ts'

const { values } = parseArgs({
  options: {
    server: { type: 'string' },
    jobs: { type: 'string', default: '300' },
    pairs: { type: 'string', default: '5' },
    size: { type: 'string', default: '64' },
  },
})
const jobs = Number(values.jobs)
const size = Number(values.size)
const url = values.server ?? (await serveProcess()).url

interface Measured {
  readonly perSecond: number
  /** Milliseconds that the server was idle between jobs. */
  readonly idle: readonly number[]
}

/** Measures a client that brings `jobs` images to a folder. */
async function measure(
  client: (colors: readonly number[], folder: string) => Promise<void>,
): Promise<Measured> {
  const colors = freshColors(jobs)
  const folder = noOpBatch(colors, size)
  const began = performance.now()
  await client(colors, folder)
  const seconds = (performance.now() - began) / 1000
  const images = readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.png')).length
  assert.ok(images === 0 || images === jobs, `${images} images`)
  removeFolder(folder)
  return { perSecond: jobs / seconds, idle: gaps(await promptTimes(url, jobs)) }
}

const graphs = (colors: readonly number[]): object[] => colors.map((color) => noOpGraph(color, size))
let jobSeconds: number[] = []
let cpuSeconds: number[] = []
const results = await interleaved(Number(values.pairs), {
  'all at once, nothing fetched': async () => measure(async (colors) => postAll(url, graphs(colors))),
  'comfy-run': async () =>
    measure(async (_, folder) => {
      const run = await runBinary(
        ['batch', 'jobs.csv', '--workflow', 'workflow.json', '-o', 'out', '--server', url],
        folder,
      )
      assert.equal(run.exitCode, 0)
      jobSeconds = [...jobSeconds, run.jobSeconds]
      cpuSeconds = [...cpuSeconds, run.cpuSeconds]
    }),
  'leanest client': async () =>
    measure(async (colors, folder) => leanClient(url, graphs(colors), join(folder, 'out'))),
  'plain loop': async () =>
    measure(async (colors, folder) => plainLoop(url, graphs(colors), join(folder, 'out'))),
})

const limit = results['all at once, nothing fetched']
const rows = Object.entries(results).map(([name, rounds]) => {
  const ratios = rounds.map(({ perSecond }, round) => perSecond / (limit[round]?.perSecond ?? Number.NaN))
  const idle = rounds.flatMap((round) => round.idle)
  return [
    name,
    median(rounds.map(({ perSecond }) => perSecond)).toFixed(1),
    median(ratios).toFixed(2),
    median(idle).toFixed(1),
    quantile(idle, 0.99).toFixed(1),
  ]
})
const rate = jobs / median(jobSeconds)
const atBest = median(limit.map(({ perSecond }) => perSecond))
rows.push(['comfy-run, without its start and end', rate.toFixed(1), (rate / atBest).toFixed(2), '', ''])
console.log(markdown(['', 'jobs/s', 'of the limit', 'idle, median ms', 'idle, p99 ms'], rows))
console.log(
  `CPU of comfy-run: ${((median(cpuSeconds) / jobs) * 1000).toFixed(1)} ms for each job, its start included`,
)
process.exit(0)
