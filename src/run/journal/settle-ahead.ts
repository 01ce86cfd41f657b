import type { Job } from '../../plan/job.ts'
import type { KnownJob } from './entries.ts'
import { filesToFind, settle, type Settlement, type Settling } from './settled.ts'
import { SizeReader } from './size-reader.ts'

/** So many jobs are settled together. */
const blockSize = 256
/** After so many jobs that are done, another thread is worth its start. */
const worthAhead = 10_000

/** A job, and what is left to do for it. */
export interface SettledJob {
  readonly job: Job
  readonly settlement: Settlement
}

/** What tells of earlier runs. */
export interface SettleOptions {
  readonly entryOf: (job: Job) => KnownJob | undefined
  /** The output folder. */
  readonly out: string
  /** What holds at the moment. */
  readonly options: () => Settling
  readonly sizes?: SizeReader
  /** Default 10,000. */
  readonly worthAhead?: number
}

/**
 * Tells of jobs, in their order, what is left to do for them. Those that are done come in blocks; where there are many, their
 * files are looked for on another thread, while the next block is planned. A job that is to be run waits for none after it.
 */
export async function* settleAhead(
  jobs: AsyncIterable<Job> | Iterable<Job>,
  { entryOf, out, options, sizes = new SizeReader(), worthAhead: least = worthAhead }: SettleOptions,
): AsyncGenerator<readonly SettledJob[]> {
  let done = 0
  let block = new Block(out)
  let before: Promise<readonly SettledJob[]> | undefined
  try {
    for await (const job of jobs) {
      const entry = entryOf(job)
      const isDone = entry?.type === 'done'
      if (isDone) done += 1
      block.add(job, entry)
      if (isDone && block.size < blockSize) continue
      const isAhead = isDone && done > least
      const settled = block.settle(options(), isAhead ? sizes : undefined)
      block = new Block(out)
      if (before) yield await before
      before = isAhead ? settled : undefined
      if (!isAhead) yield await settled
    }
    if (before) yield await before
    yield await block.settle(options())
  } finally {
    await sizes.close()
  }
}

/** Jobs that are settled together. */
class Block {
  readonly #out: string
  readonly #jobs: Job[] = []
  readonly #entries: (KnownJob | undefined)[] = []

  constructor(out: string) {
    this.#out = out
  }

  get size(): number {
    return this.#jobs.length
  }

  add(job: Job, entry: KnownJob | undefined): void {
    this.#jobs.push(job)
    this.#entries.push(entry)
  }

  /** With `sizes`, files are looked for on another thread. */
  async settle(options: Settling, sizes?: SizeReader): Promise<readonly SettledJob[]> {
    const wanted = sizes && this.#entries.map((entry) => filesToFind(entry, this.#out, options))
    const paths = wanted?.flat() ?? []
    const found = sizes && paths.length > 0 ? await sizes.read(paths) : undefined
    const settled: SettledJob[] = []
    let before = 0
    for (const [index, job] of this.#jobs.entries()) {
      const first = before
      const settling = settle(
        this.#entries[index],
        this.#out,
        options,
        found && ((_, at) => found[first + at]),
      )
      before += wanted?.[index]?.length ?? 0
      settled.push({ job, settlement: settling instanceof Promise ? await settling : settling })
    }
    return settled
  }
}
