import { Worker } from 'node:worker_threads'
import { sizeOf } from './size-of.ts'

/** What is asked for, and who waits for it. */
interface Question {
  readonly paths: readonly string[]
  readonly resolve: (sizes: Float64Array) => void
}

const isSource = import.meta.url.endsWith('.ts')
const program = new URL(isSource ? './size-worker.ts' : './size-worker.js', import.meta.url)
/** It keeps nothing: its heap may be small, in MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 }

/** Asks for the sizes of many files on another thread, so that this one can go on meanwhile. */
export class SizeReader {
  /** In the order in which they were asked. */
  readonly #questions: Question[] = []
  #worker: Worker | undefined

  /** The files' sizes in bytes, in their order; NaN where there is none. */
  async read(paths: readonly string[]): Promise<Float64Array> {
    return new Promise((resolve) => {
      this.#questions.push({ paths, resolve })
      this.#worker ??= this.#start()
      this.#worker.postMessage(paths.join('\0'))
    })
  }

  /** Ends the thread. It is started again if more is asked for. */
  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(program, { resourceLimits, ...(!isSource && { execArgv: [] }) })
    worker.on('message', (sizes: Float64Array) => this.#questions.shift()?.resolve(sizes))
    // Without it this thread does the work.
    worker.on('error', () => {
      this.#worker = undefined
      for (const { paths, resolve } of this.#questions.splice(0))
        resolve(Float64Array.from(paths, (path) => sizeOf(path) ?? Number.NaN))
    })
    return worker
  }
}
