import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runBinary } from '../rig/comfy-run.ts'
import { interleaved, markdown, median, ratio, sum } from '../rig/figures.ts'
import { batchArgs, overHttp, overHttpName, runBatch } from '../rig/no-op-batch.ts'
import type { BenchOptions, Target } from '../rig/options.ts'
import { installPeers } from '../rig/peers.ts'
import { postAll } from '../rig/post-all.ts'
import { runClient } from '../rig/run-client.ts'
import { onEachServer } from '../rig/serve.ts'
import { promptTimes } from '../rig/times.ts'
import { makeWork, noOps, type Work } from '../rig/work.ts'

const limit = 'the limit: all posted at once, nothing fetched'
const reachable = 'what can be reached: all posted at once, each image fetched'

interface Round {
  readonly perSecond: number
  /** Images on disk, of those that should be there. */
  readonly delivered: number
  /** From the first job's start to the last one's end, by the server's clock, in seconds. */
  readonly span?: number
}

/** How many no-op jobs a second, with every image on disk, beside what the server can do at best. */
export async function throughput(options: BenchOptions): Promise<string> {
  return onEachServer(options, async (target) => measureOn(target, options))
}

async function measureOn({ name, url }: Target, { quick, rounds, peers }: BenchOptions): Promise<string> {
  const jobs = quick ? 5 : 300
  const comfyRun = async (more: readonly string[] = []): Promise<Round> => {
    const round = await measure(jobs, async ({ folder }) => runBatch(folder, url, more))
    const times = await promptTimes(url, jobs)
    const span = ((times.at(-1)?.end ?? Number.NaN) - (times[0]?.start ?? Number.NaN)) / 1000
    return { ...round, span }
  }
  const others = peers ? await installPeers() : undefined
  const results = await interleaved(rounds, {
    [limit]: async () => measure(jobs, async ({ graphs }) => postAll(url, graphs)),
    [reachable]: async () => measure(jobs, async ({ graphs }) => postAll(url, graphs, { images: true })),
    'comfy-run': async () => comfyRun(),
    [`comfy-run ${overHttpName}`]: async () => comfyRun(overHttp),
    'the leanest client': async () => measure(jobs, async ({ folder }) => runClient('lean', url, folder)),
    'one at a time': async () => measure(jobs, async ({ folder }) => runClient('loop', url, folder)),
    ...(others && {
      [others.stableCanvas.name]: async () =>
        measure(jobs, async (work) => others.stableCanvas.run(url, work)),
      [others.cfli.name]: async () => measure(jobs, async (work) => others.cfli.run(url, work)),
    }),
  })
  const rates = (all: readonly Round[]): number[] => all.map(({ perSecond }) => perSecond)
  const row = (what: string, perSecond: readonly number[], delivered: string): string[] => {
    const digits = median(perSecond) < 10 ? 1 : 0
    const of = (best: typeof limit | typeof reachable): string =>
      ratio(perSecond, rates(results[best] ?? [])).toFixed(2 + 2 * digits)
    return [what, median(perSecond).toFixed(1 + digits), of(limit), of(reachable), delivered]
  }
  const rows = Object.entries(results).flatMap(([what, all]) => {
    const share = sum(all.map(({ delivered }) => delivered)) / all.length
    const isKept = what !== limit && what !== reachable
    const whole = row(what, rates(all), isKept ? `${(share * 100).toFixed(0)} %` : '')
    const spans = all.flatMap(({ span }) => (span === undefined ? [] : [jobs / span]))
    return spans.length > 0 ? [whole, row(`${what}, without its start and end`, spans, '')] : [whole]
  })
  const { folder } = makeWork(noOps, jobs)
  const { cpuSeconds } = await runBinary(batchArgs(url), folder, { isWatched: false })
  const cpu = cpuSeconds / jobs
  return [
    `${jobs} no-op jobs on ${name}, medians of ${rounds} rounds in turn:`,
    markdown(['', 'jobs/s', 'of the limit', 'of what can be reached', 'images on disk'], rows),
    `comfy-run takes ${(cpu * 1000).toFixed(1)} ms of CPU for each job, its start included.`,
  ].join('\n\n')
}

/** A client that runs out of time says how many jobs it has tried. */
async function measure(jobs: number, client: (work: Work) => Promise<number | void>): Promise<Round> {
  const work = makeWork(noOps, jobs)
  const began = performance.now()
  const tried = (await client(work)) ?? jobs
  const seconds = (performance.now() - began) / 1000
  const images = readdirSync(join(work.folder, 'out')).filter((file) => file.endsWith('.png')).length
  return { perSecond: tried / seconds, delivered: images / tried }
}
