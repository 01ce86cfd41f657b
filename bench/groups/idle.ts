import { interleaved, markdown, mean, median, quantile, ratio } from '../rig/figures.ts'
import { largeImages } from '../rig/large-images.ts'
import { overHttp, overHttpName, runBatch } from '../rig/no-op-batch.ts'
import type { BenchOptions, Target } from '../rig/options.ts'
import { postAll } from '../rig/post-all.ts'
import { onEachServer } from '../rig/serve.ts'
import { gaps, promptTimes } from '../rig/times.ts'
import { makeWork, noOps, type Kind, type Work } from '../rig/work.ts'

/** How long the server is idle between two jobs, by its own clock. */
export async function idle(options: BenchOptions): Promise<string> {
  const { quick } = options
  return onEachServer(options, async (target) => {
    const large = await largeImages(target.url, quick ? 0.1 : 8)
    return [
      `On ${target.name}, ${options.rounds} rounds in turn; milliseconds between one job's end and the next one's start:`,
      markdown(
        ['', 'median', 'p99', 'mean', 'median / all at once', 'p99 / all at once'],
        [
          ...(await measureOn(target, options, noOps, quick ? 5 : 300, 'no-op jobs')),
          // So many that the server's collection of garbage, every ten seconds, falls into each round of each client.
          ...(await measureOn(target, options, large, quick ? 3 : 60, 'images of 8 MB')),
        ],
      ),
    ].join('\n\n')
  })
}

async function measureOn(
  { url }: Target,
  { rounds }: BenchOptions,
  kind: Kind,
  jobs: number,
  what: string,
): Promise<string[][]> {
  const measure = async (client: (work: Work) => Promise<unknown>): Promise<number[]> => {
    const work = makeWork(kind, jobs)
    await client(work)
    return gaps(await promptTimes(url, jobs))
  }
  const results = await interleaved(rounds, {
    'all at once': async () => measure(async ({ graphs }) => postAll(url, graphs)),
    'all at once, each image fetched': async () =>
      measure(async ({ graphs }) => postAll(url, graphs, { images: true })),
    'comfy-run': async () => measure(async ({ folder }) => runBatch(folder, url)),
    [`comfy-run ${overHttpName}`]: async () => measure(async ({ folder }) => runBatch(folder, url, overHttp)),
  })
  const atOnce = results['all at once'] ?? []
  return Object.entries(results).map(([client, all]) => {
    const value = (of: (gaps: readonly number[]) => number): string => median(all.map(of)).toFixed(1)
    // The clock counts whole milliseconds: less than one is taken for one.
    const atLeastOne = (
      rounds: readonly (readonly number[])[],
      of: (gaps: readonly number[]) => number,
    ): number[] => rounds.map((gaps) => Math.max(1, of(gaps)))
    const compared = (of: (gaps: readonly number[]) => number): string =>
      ratio(atLeastOne(all, of), atLeastOne(atOnce, of)).toFixed(2)
    const p99 = (values: readonly number[]): number => quantile(values, 0.99)
    const ratios = client === 'all at once' ? ['', ''] : [compared(median), compared(p99)]
    return [`${jobs} ${what}, ${client}`, value(median), value(p99), value(mean), ...ratios]
  })
}
