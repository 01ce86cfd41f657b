import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ServerFolder } from '../../src/run/server-folder.ts'
import { interleaved, markdown, mean, median, ratio } from '../rig/figures.ts'
import type { BenchOptions } from '../rig/options.ts'
import { postAll } from '../rig/post-all.ts'
import { serveProcess } from '../rig/serve.ts'
import { temporaryFolder } from '../rig/temporary-folder.ts'
import { promptTimes } from '../rig/times.ts'
import { noOps, type Graph } from '../rig/work.ts'

/** Where a batch's images lie on the server: all in the graph's own folder, or where comfy-run puts them. */
interface Layout {
  readonly name: string
  /** The graph that is sent for the job with this number, from 1. */
  readonly graph: (job: number) => Graph
  /** All jobs have the same prefix. */
  readonly isShared: boolean
  /** What holds it, below the output folder: removed in the end. */
  readonly top: string
}

/** Milliseconds for an image, means of a round. */
interface Round {
  /** By the server's clock. */
  readonly server: number
  /** Posted all at once, until the queue is empty. */
  readonly wall: number
}

/**
 * What an image costs after so many that the same batch has made. The last ones of a full folder are measured: with the
 * images up to there in it, jobs 49,981 to 50,000 are the ones that cost the most of all.
 */
export async function folder(options: BenchOptions): Promise<string> {
  const root = temporaryFolder()
  const embedded = await serveProcess(['--folder', root])
  const texts = [await measureOn('the embedded server', embedded.url, join(root, 'output'), options)]
  await embedded.stop()
  const { server, serverOutput } = options
  if (server !== undefined && serverOutput !== undefined) {
    texts.push(await measureOn('a real ComfyUI', server, serverOutput, options))
  }
  return texts.join('\n\n')
}

async function measureOn(
  name: string,
  url: string,
  output: string,
  { quick, rounds }: BenchOptions,
): Promise<string> {
  const sizes = quick ? [0, 100] : [0, 1000, 10_000, 50_000]
  const jobs = quick ? 3 : 20
  const layouts = [ownFolder(), keptPrefix()]
  const first = new Map<Layout, readonly Round[]>()
  const rows: string[][] = []
  let made = 0
  try {
    for (const size of sizes) {
      const until = Math.max(0, size - jobs)
      for (const layout of layouts) addImages(layout, output, made, until)
      made = until
      const results = await interleaved(
        rounds,
        Object.fromEntries(
          layouts.map((layout) => [layout.name, async () => measure(url, layout, until, jobs)]),
        ),
      )
      rows.push([
        size === 0 ? `1 to ${jobs}` : `${(until + 1).toLocaleString('en')} to ${size.toLocaleString('en')}`,
        ...layouts.flatMap((layout) => {
          const all = results[layout.name] ?? []
          if (!first.has(layout)) first.set(layout, all)
          const server = (of: readonly Round[]): number[] => of.map((round) => round.server)
          return [
            `${median(server(all)).toFixed(1)} ms`,
            `${median(all.map(({ wall }) => wall)).toFixed(1)} ms`,
            ratio(server(all), server(first.get(layout) ?? [])).toFixed(2),
          ]
        }),
      ])
    }
  } finally {
    for (const { top } of layouts) rmSync(join(output, top), { recursive: true, force: true })
  }
  const columns = layouts.flatMap((layout) => [
    `${layout.name}: server`,
    'on the clock',
    'of the first images',
  ])
  return [
    `On ${name}, medians of ${rounds} rounds in turn, for each image:`,
    markdown(['images', ...columns], rows),
  ].join('\n\n')
}

/** As comfy-run's own. */
function ownFolder(): Layout {
  const id = `bench-${randomUUID()}`
  const run = new ServerFolder(id)
  return {
    name: 'folders of its own',
    isShared: false,
    top: `comfy-run/${id}`,
    // A graph's values are JSON, which the type of ours does not say.
    graph: (index) => run.apply(noOp('image') as Parameters<ServerFolder['apply']>[0], { index, params: {} }),
  }
}

/** As with `--keep-prefix`, or in ComfyUI's own page. */
function keptPrefix(): Layout {
  const top = `bench-${randomUUID()}`
  return { name: '`--keep-prefix`', isShared: true, top, graph: () => noOp(`${top}/image`) }
}

function noOp(prefix: string): Graph {
  const [color = 0] = noOps.values(1)
  return noOps.graph(color, prefix)
}

/** Images of the jobs after `from` up to `until`, as if they had been made. */
function addImages(layout: Layout, output: string, from: number, until: number): void {
  const content = Buffer.alloc(300)
  for (let job = from + 1; job <= until; job += 1) {
    // With a prefix of its own a job begins at 1; what others share is counted on.
    const number = layout.isShared ? job : 1
    const path = join(output, `${prefixOf(layout.graph(job))}_${String(number).padStart(5, '0')}_.png`)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
}

function prefixOf(graph: Graph): string {
  const prefixes = Object.values(graph).flatMap(({ inputs }) =>
    'filename_prefix' in inputs ? [String(inputs.filename_prefix)] : [],
  )
  return prefixes[0] ?? ''
}

async function measure(url: string, layout: Layout, before: number, jobs: number): Promise<Round> {
  const graphs = Array.from({ length: jobs }, (_, index) => layout.graph(before + index + 1))
  const began = performance.now()
  await postAll(url, graphs)
  const wall = (performance.now() - began) / jobs
  return { server: mean((await promptTimes(url, jobs)).map(({ start, end }) => end - start)), wall }
}
