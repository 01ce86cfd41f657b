import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { ComfyRunError } from '../errors.ts'
import { Cache } from './cache.ts'
import { makeFolders } from './folders.ts'
import { History } from './history.ts'
import type { StepOptions } from './node-context.ts'
import type { EmbeddedNode } from './node.ts'
import { isForeign } from './origin.ts'
import { Queue } from './queue.ts'
import { Router } from './router.ts'
import { allRoutes } from './routes/all-routes.ts'
import { Sockets } from './sockets.ts'
import type { ServerState } from './state.ts'
import { Worker } from './worker.ts'

export interface EmbeddedServerOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default `127.0.0.1`: nobody else can reach it. */
  readonly host?: string
  /** Holds `input`, `output` and `temp`. Default: a new folder in the system's temp folder, removed on close. */
  readonly folder?: string
  /** How long each sampler step takes. Default 0. */
  readonly stepMilliseconds?: number
  /** The shortest time between two previews of a node. Default 100: with quick steps not each has one. */
  readonly previewMilliseconds?: number
  /** The node classes by name. Default: those of comfy-run. */
  readonly nodes?: ReadonlyMap<string, EmbeddedNode>
  /** Called after a step's events were sent; the run goes on when it resolves, or when the prompt is stopped. */
  readonly onStep?: StepOptions['onStep']
}

/** A running embedded server. */
export interface EmbeddedServer {
  /** e.g. `http://127.0.0.1:54321`, without a slash at the end. */
  readonly url: string
  /** The folder that holds `input`, `output` and `temp`. */
  readonly folder: string
  /** How many prompts were begun. */
  readonly promptsRun: number
  /** Stops what runs, drops all connections and removes the folder, unless it was given. */
  close(): Promise<void>
}

/** Frames from clients are small: only `feature_flags`. */
const maxInboundFrame = 4 * 1024 * 1024

/** Idle connections are kept as long as aiohttp does, so that a client's pool does not trip over a closed one. */
const keepAliveMilliseconds = 75_000

/**
 * Starts a server that speaks ComfyUI's protocol, as version 0.33 does. Image nodes work; model nodes only
 * rehearse. Throws `port-in-use`.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const { port = 0, host = '127.0.0.1', stepMilliseconds = 0, previewMilliseconds = 100, onStep } = options
  const nodes = options.nodes ?? (await import('./nodes/table.ts')).nodeTable
  const http = createServer({ keepAliveTimeout: keepAliveMilliseconds })
  await listen(http, port, host)
  const place = await makeFolders(options.folder)
  const { root, folders } = place

  const sockets = new Sockets()
  const queue = new Queue(() => sockets.sendStatus(queue.remaining))
  const history = new History()
  const cache = new Cache()
  const steps = { stepMilliseconds, previewMilliseconds, onStep }
  const worker = new Worker(queue, history, { nodes, folders, sockets, cache, ...steps })
  const state: ServerState = { nodes, folders, queue, history, worker, cache, nextNumber: 0 }
  const router = new Router(allRoutes(state))
  const upgrades = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxInboundFrame,
  })

  http.on('request', (request, response) => void router.respond(request, response))
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server')
    if (!/^(?:\/api)?\/ws$/.test(pathname) || isForeign(request.headers)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      return
    }
    upgrades.handleUpgrade(request, socket, head, (opened) => {
      sockets.add(opened, searchParams.get('clientId') ?? undefined, queue.remaining, worker.running)
    })
  })
  const working = worker.work()

  return {
    url: urlOf(http.address() as AddressInfo, host),
    folder: root,
    get promptsRun() {
      return worker.promptsRun
    },
    async close() {
      queue.close()
      worker.interrupt()
      await working
      for (const socket of upgrades.clients) socket.terminate()
      http.closeAllConnections()
      await new Promise((resolve) => {
        http.close(resolve)
      })
      await place.remove()
    },
  }
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
