import type { ComfyServer, ServerOptions } from '../../../src/comfy/server.ts'
import { ComfyRunError } from '../../../src/errors.ts'
import type { RunEvent } from '../../../src/events.ts'
import type { Job } from '../../../src/plan/job.ts'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { Pool } from '../../../src/run/pool/pool.ts'

/** A job that samples: a number and, if wanted, a model. */
export function jobOf(index: number, model?: string): Job {
  const inputs: JsonObject = model === undefined ? {} : { ckpt_name: model }
  return {
    index,
    key: `key ${index}`,
    params: {},
    workflow: {
      nodes: new Map([
        ['1', { classType: 'CheckpointLoaderSimple', inputs }],
        ['2', { classType: 'KSampler', inputs: { seed: 1, steps: 20, denoise: 1 } }],
      ]),
      source: 'x',
    },
    uploads: [],
    name: `job_${index}`,
  }
}

export const unreachable = new ComfyRunError('server-unreachable', 'nothing listens there')

/** A server that a test turns on and off. */
export class FakeServer {
  isUp = true
  readonly name: string
  readonly dropped: string[] = []
  readonly #models: readonly string[]
  #options: ServerOptions | undefined

  constructor(url: string, models: readonly string[] = []) {
    this.name = url
    this.#models = models
  }

  /** Cuts the socket of whoever is connected. */
  cut(): void {
    this.isUp = false
    this.#options?.onLost?.('cut')
  }

  /** Whether it has been told that more jobs may come. */
  get mayGetMore(): boolean | undefined {
    return this.#options?.hasMore?.()
  }

  connect(options: ServerOptions): ComfyServer {
    this.#check()
    this.#options = options
    const made = {
      name: this.name,
      capabilities: { rehearsal: true },
      refresh: async () => this.#check(),
      nodeClass: async () => ({ input: { required: { ckpt_name: [this.#models] } } }),
      dropPrompt: async (promptId: string) => void this.dropped.push(promptId),
      close: async () => {},
    }
    return made as unknown as ComfyServer
  }

  #check(): void {
    if (!this.isUp) throw unreachable
  }
}

/** A pool of fake servers. Its waits end when the test says so. */
export async function poolOf(
  fakes: readonly FakeServer[],
  { patience, remaining = 1000 }: { patience?: number; remaining?: number } = {},
) {
  const events: RunEvent[] = []
  const waits: (() => void)[] = []
  const pool = await Pool.open({
    servers: fakes.map(({ name }) => ({ url: name })),
    sink: (event) => void events.push(event),
    remaining: () => remaining,
    ...(patience !== undefined && { patience }),
    parts: {
      connect: async (options) => {
        const fake = fakes.find(({ name }) => name === options.url)
        if (!fake) throw new Error(`no fake ${options.url}`)
        return fake.connect(options)
      },
      pause: async (_, signal) =>
        new Promise((resolve) => {
          waits.push(resolve)
          signal.addEventListener('abort', () => resolve())
        }),
    },
  })
  /** Ends all waits for servers to come back, and lets what follows happen. */
  const endWaits = async (): Promise<void> => {
    for (const end of waits.splice(0)) end()
    await settled()
  }
  return { pool, events, endWaits }
}

/** Resolves when everything that needs no time has happened. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
