import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { ComfyRunError } from '../errors.ts'
import type { Injector } from './faults/injector.ts'
import { makeFolders } from './folders.ts'
import { noHooks, type Hooks } from './hooks.ts'
import { ServerLife } from './life.ts'
import type { Step, StepOptions } from './node-context.ts'
import type { EmbeddedNode } from './node.ts'

export interface EmbeddedServerOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default `127.0.0.1`: nobody else can reach it. */
  readonly host?: string
  /** Holds `input`, `output` and `temp`. Default: a new folder in the system's temp folder, removed on close. */
  readonly folder?: string
  /** How long each sampler step takes. Default 0. */
  readonly stepMilliseconds?: number
  /** The shortest time between two previews of a node. Default 100: with quick steps not each has one. Infinity: none. */
  readonly previewMilliseconds?: number
  /** The node classes by name. Default: those of comfy-run. */
  readonly nodes?: ReadonlyMap<string, EmbeddedNode>
  /** Called after a step's events were sent; the run goes on when it resolves, or when the prompt is stopped. */
  readonly onStep?: StepOptions['onStep']
  /** What is to go wrong, e.g. `['socket-drop@step:2', 'history-late:800ms']`: see docs/faults.md. Default: nothing. */
  readonly faults?: readonly string[]
}

/** A running embedded server. */
export interface EmbeddedServer {
  /** e.g. `http://127.0.0.1:54321`, without a slash at the end. */
  readonly url: string
  /** The folder that holds `input`, `output` and `temp`. */
  readonly folder: string
  /** How many prompts were begun, in all its lives. */
  readonly promptsRun: number
  /** How many prompts wait or run. */
  readonly promptsLeft: number
  /** How often each fault has happened so far, by its name. */
  readonly faultsSeen: ReadonlyMap<string, number>
  /**
   * Kills it, as `kill -9` would, and starts it again on the same port after so many milliseconds (default 0): all
   * connections are cut; queue, history and cache are empty; temp files are gone, inputs and outputs are not.
   */
  restart(downMilliseconds?: number): Promise<void>
  /** Stops what runs, drops all connections and removes the folder, unless it was given. */
  close(): Promise<void>
}

/**
 * Starts a server that speaks ComfyUI's protocol, as version 0.33 does. Image nodes work; model nodes only
 * rehearse. Throws `port-in-use`, `bad-fault`.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const { port: wanted = 0, host = '127.0.0.1', stepMilliseconds = 0, previewMilliseconds = 100 } = options
  const nodes = options.nodes ?? (await import('./nodes/table.ts')).nodeTable
  const injector = options.faults && (await makeInjector(options.faults))
  const hooks: Hooks = injector ?? noHooks
  const onStep = async (step: Step): Promise<void> => {
    await hooks.step(step)
    await options.onStep?.(step)
  }
  const place = await makeFolders(options.folder)
  const { root, folders } = place
  const begin = (): ServerLife =>
    new ServerLife({ nodes, folders, hooks, stepMilliseconds, previewMilliseconds, onStep })

  let life = begin()
  try {
    await listen(life.http, wanted, host)
  } catch (error) {
    await place.remove()
    throw error
  }
  const address = life.http.address() as AddressInfo
  const leaving: Promise<void>[] = []
  let promptsBefore = 0
  let isClosed = false
  /** A restart that is under way. */
  let restarting: Promise<void> | undefined
  const rise = async (killed: Promise<void>, downMilliseconds: number): Promise<void> => {
    await killed
    if (downMilliseconds > 0) await delay(downMilliseconds)
    if (isClosed) return
    await place.clearTemp()
    promptsBefore += life.worker.promptsRun
    leaving.push(life.gone())
    life = begin()
    await listen(life.http, address.port, host)
    life.work()
  }
  const restart = async (downMilliseconds = 0): Promise<void> => {
    restarting ??= rise(life.kill(), downMilliseconds).finally(() => {
      restarting = undefined
    })
    return restarting
  }
  injector?.attach({
    get life() {
      return life
    },
    restart,
  })
  life.work()

  return {
    url: urlOf(address, host),
    folder: root,
    get promptsRun() {
      return promptsBefore + life.worker.promptsRun
    },
    get promptsLeft() {
      return life.state.queue.remaining
    },
    faultsSeen: injector?.seen ?? new Map(),
    restart,
    async close() {
      isClosed = true
      await restarting
      await life.kill()
      await Promise.all([...leaving, life.gone()])
      await place.remove()
    },
  }
}

async function makeInjector(specs: readonly string[]): Promise<Injector> {
  const [{ parseFaults }, { Injector }] = await Promise.all([
    import('./faults/parse.ts'),
    import('./faults/injector.ts'),
  ])
  return new Injector(parseFaults(specs))
}

async function listen(http: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') reject(error)
      else {
        const message = `port ${port} on ${host} cannot be used: ${error.code === 'EACCES' ? 'not allowed' : 'something else listens there'}`
        const hint = 'choose another port with --port, or 0 for any free one'
        reject(new ComfyRunError('port-in-use', message, { hint, cause: error }))
      }
    })
    http.listen(port, host, resolve)
  })
}

function urlOf({ address, family, port }: AddressInfo, host: string): string {
  // "All addresses" is nothing a client can connect to everywhere; loopback is among them.
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`
}
