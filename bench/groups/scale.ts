import assert from 'node:assert/strict'
import { runBinary, type BinaryRun } from '../rig/comfy-run.ts'
import { interleaved, markdown, median, ratio } from '../rig/figures.ts'
import { cpuOf, leanServers } from '../rig/lean-servers.ts'
import type { BenchOptions } from '../rig/options.ts'
import { serveProcess } from '../rig/serve.ts'
import { makeWork, noOps, promptsFolder } from '../rig/work.ts'

/** How long each job takes its server. */
const milliseconds = 50

interface Round {
  /** Of which the first is taken to be a part of the start. */
  readonly jobs: number
  readonly run: BinaryRun
  /** Seconds of CPU that the servers took for the jobs; undefined if it was not measured. */
  readonly serverCpu?: number
}

/** One run on many servers: how near it comes to so many times one server, and what a job costs the client. */
export async function scale({ quick, rounds }: BenchOptions): Promise<string> {
  const each = quick ? 2 : 60
  const lean = quick ? [1, 4] : [1, 4, 8, 16, 32, 64]
  const embedded = quick ? [1, 2] : [1, 4]
  const leanResults = await interleaved(
    rounds,
    // Enough for seconds at what one client can do.
    byCount(lean, async (count) => onLean(count, Math.min(each, Math.ceil((40 * each) / count)))),
  )
  const embeddedResults = await interleaved(
    rounds,
    byCount(embedded, async (count) => onEmbedded(count, Math.ceil(each / 2))),
  )
  const header = [
    'servers',
    'jobs/s',
    'of n x one server',
    "client's main thread",
    'main thread a job',
    'client CPU a job',
    'servers CPU a job',
    'client memory',
  ]
  const starts = await interleaved(rounds, { 'one job': async () => onLean(1, 1) })
  const start = starts['one job']
  const leanRows = rowsOf(leanResults, start)
  const [, many = []] = Object.entries(leanResults).at(-1) ?? []
  const perJob = median(eachMore(many, start, ({ loopSeconds }) => loopSeconds))
  return [
    `Jobs of ${milliseconds} ms, medians of ${rounds} rounds in turn. All servers in one lean process (\`bench/rig/lean-server.ts\`):`,
    markdown(header, leanRows),
    `With the most servers a job takes ${(perJob * 1000).toFixed(1)} ms of the client's main thread, so its core is full at ` +
      `${(1 / perJob).toFixed(0)} jobs/s: what ${(milliseconds / 1000 / perJob).toFixed(1)} such servers make.`,
    'Embedded servers, each a process of its own:',
    markdown(header, rowsOf(embeddedResults, start)),
  ].join('\n\n')
}

function byCount(
  counts: readonly number[],
  measure: (count: number) => Promise<Round>,
): Record<string, () => Promise<Round>> {
  // No bare numbers: these would be sorted.
  return Object.fromEntries(counts.map((count) => [`${count} `, async () => measure(count)]))
}

async function onLean(count: number, each: number): Promise<Round> {
  const servers = await leanServers({ count, milliseconds })
  const jobs = count * each
  const { folder } = makeWork(noOps, jobs)
  const before = await cpuOf(servers.url)
  const options = ['--workflow', 'workflow.json', '-o', 'out', '--server', servers.url]
  const run = await runBinary(['batch', 'jobs.csv', ...options], folder)
  const serverCpu = (await cpuOf(servers.url)) - before
  assert.equal(run.done, jobs)
  await servers.stop()
  return { jobs, run, serverCpu }
}

async function onEmbedded(count: number, each: number): Promise<Round> {
  const step = ['--step-time', String(milliseconds)]
  const servers = await Promise.all(Array.from({ length: count }, async () => serveProcess(step)))
  const jobs = count * each
  const folder = promptsFolder(jobs)
  const options = ['--steps', '1', '--size', '64x64', '-o', 'out', '--server']
  const run = await runBinary(
    ['batch', 'shots.csv', ...options, servers.map(({ url }) => url).join()],
    folder,
  )
  assert.equal(run.done, jobs)
  await Promise.all(servers.map(async (server) => server.stop()))
  return { jobs, run }
}

/** What each job more than one takes, by round. */
function eachMore(
  rounds: readonly Round[],
  start: readonly Round[],
  of: (run: BinaryRun) => number,
): number[] {
  return rounds.map(({ jobs, run }, round) => {
    const one = start[round]?.run
    return (of(run) - (one ? of(one) : Number.NaN)) / (jobs - 1)
  })
}

function rowsOf(results: Readonly<Record<string, readonly Round[]>>, start: readonly Round[]): string[][] {
  const rates = (rounds: readonly Round[]): number[] => rounds.map(({ jobs, run }) => jobs / run.jobSeconds)
  const [one = []] = Object.values(results)
  return Object.entries(results).map(([name, rounds]) => {
    const count = Number(name)
    const linear = rates(one).map((rate) => rate * count)
    const middle = (of: (round: Round) => number): number => median(rounds.map(of))
    const inMs = (seconds: readonly number[]): string => `${(median(seconds) * 1000).toFixed(1)} ms`
    const serverCpu = rounds.map((round) => (round.serverCpu ?? Number.NaN) / round.jobs)
    return [
      String(count),
      median(rates(rounds)).toFixed(1),
      ratio(rates(rounds), linear).toFixed(2),
      `${(middle(({ run }) => run.loopSeconds / run.seconds) * 100).toFixed(0)} %`,
      inMs(eachMore(rounds, start, ({ loopSeconds }) => loopSeconds)),
      inMs(eachMore(rounds, start, ({ cpuSeconds }) => cpuSeconds)),
      Number.isNaN(serverCpu[0]) ? '' : inMs(serverCpu),
      `${middle(({ run }) => run.peakMemory).toFixed(0)} MB`,
    ]
  })
}
