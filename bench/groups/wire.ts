import assert from 'node:assert/strict'
import { runBinary } from '../rig/comfy-run.ts'
import { startCountingProxy } from '../rig/counting-proxy.ts'
import { interleaved, markdown, median, sum } from '../rig/figures.ts'
import { batchArgs, overHttp, overHttpName } from '../rig/no-op-batch.ts'
import type { BenchOptions } from '../rig/options.ts'
import { serveProcess } from '../rig/serve.ts'
import { makeWork, noOps, promptsFolder } from '../rig/work.ts'

/** What a job took, on average. */
interface Round {
  readonly requests: ReadonlyMap<string, number>
  readonly bytesUp: number
  readonly bytesDown: number
  /** Bytes of JSON that the server sent. */
  readonly json: number
  /** Characters of JSON that the client parsed. */
  readonly parsed: number
}

/** Requests and bytes for each job, and how much JSON is parsed. */
export async function wire({ quick, rounds, server }: BenchOptions): Promise<string> {
  const fast = quick ? 5 : 300
  const slow = quick ? 2 : 20
  const quickServer = await serveProcess()
  const slowServer = await serveProcess(['--step-time', quick ? '1' : '100'])
  const results = await interleaved(rounds, {
    ...noOpJobs('the embedded server', quickServer.url, fast),
    ...(server !== undefined && noOpJobs('a real ComfyUI', server, fast)),
    [`${slow} jobs of a second, the embedded server`]: async () => slowJobs(slowServer.url, slow),
  })
  await Promise.all([quickServer.stop(), slowServer.stop()])
  const header = [
    '',
    'requests a job',
    'of which',
    'kB up',
    'kB down',
    'kB of JSON down',
    'kB of JSON parsed',
  ]
  return [
    `Means of each run, medians of ${rounds} rounds in turn; start and end of the run are shared out among its jobs:`,
    markdown(
      header,
      Object.entries(results).map(([name, all]) => row(name, all)),
      (column) => (column === 0 || column === 2 ? '---' : '---:'),
    ),
  ].join('\n\n')
}

/** With the images read in the server's folder, and fetched. */
function noOpJobs(name: string, url: string, count: number): Record<string, () => Promise<Round>> {
  const run = async (more: readonly string[]): Promise<Round> => {
    const { folder } = makeWork(noOps, count)
    return measure(url, folder, count, (proxy) => batchArgs(proxy, more))
  }
  const what = `${count} no-op jobs, ${name}`
  return {
    [what]: async () => run([]),
    [`${what}, ${overHttpName}`]: async () => run(overHttp),
  }
}

/** Small seeds: those of 64 bits go through another parser, where nothing is counted. */
async function slowJobs(url: string, count: number): Promise<Round> {
  const args = [
    'batch',
    'shots.csv',
    '-o',
    'out',
    '--steps',
    '10',
    '--size',
    '64x64',
    '--seed',
    'increment:1',
  ]
  return measure(url, promptsFolder(count), count, (proxy) => [...args, '--server', proxy])
}

async function measure(
  url: string,
  folder: string,
  count: number,
  argsFor: (proxy: string) => readonly string[],
): Promise<Round> {
  const proxy = await startCountingProxy(url)
  const { exitCode, jsonParsed } = await runBinary(argsFor(proxy.url), folder, {
    isWatched: false,
    countsJson: true,
  })
  assert.equal(exitCode, 0)
  const { requests, bytesUp, bytesDown, json } = proxy.traffic
  return {
    requests: new Map(Array.from(requests, ([route, number]) => [route, number / count])),
    bytesUp: bytesUp / count,
    bytesDown: bytesDown / count,
    json: json / count,
    parsed: jsonParsed / count,
  }
}

function row(name: string, rounds: readonly Round[]): string[] {
  const middle = (of: (round: Round) => number): number => median(rounds.map(of))
  const kilobytes = (of: (round: Round) => number): string => (middle(of) / 1000).toFixed(1)
  const routes = [...new Set(rounds.flatMap(({ requests }) => [...requests.keys()]))]
  const shares = routes
    .map((route) => [route, middle(({ requests }) => requests.get(route) ?? 0)] as const)
    .toSorted(([, one], [, other]) => other - one)
  return [
    name,
    middle(({ requests }) => sum([...requests.values()])).toFixed(2),
    shares.map(([route, number]) => `${route} ${number.toFixed(2)}`).join(', '),
    kilobytes(({ bytesUp }) => bytesUp),
    kilobytes(({ bytesDown }) => bytesDown),
    kilobytes(({ json }) => json),
    kilobytes(({ parsed }) => parsed),
  ]
}
