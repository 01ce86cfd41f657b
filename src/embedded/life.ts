import { createServer, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { Cache } from './cache.ts'
import { History } from './history.ts'
import type { Hooks } from './hooks.ts'
import type { StepOptions } from './node-context.ts'
import type { EmbeddedNode, Folders } from './node.ts'
import { isRefused } from './origin.ts'
import { Queue } from './queue.ts'
import { askedOf, Router } from './router.ts'
import { allRoutes } from './routes/all-routes.ts'
import { Sockets } from './sockets.ts'
import type { ServerState } from './state.ts'
import { Worker } from './worker.ts'

/** What every life of a server has in common. */
export interface LifeOptions extends StepOptions {
  readonly nodes: ReadonlyMap<string, EmbeddedNode>
  readonly folders: Folders
  readonly hooks: Hooks
}

/** Frames from clients are small: only `feature_flags`. */
const maxInboundFrame = 4 * 1024 * 1024

/** Idle connections are kept as long as aiohttp does, so that a client's pool does not trip over a closed one. */
const keepAliveMilliseconds = 75_000

/**
 * One life of the server, from its start to its kill: everything that ComfyUI keeps in its process and loses with
 * it. Only the folders outlast it.
 */
export class ServerLife {
  readonly state: ServerState
  readonly sockets: Sockets
  readonly worker: Worker
  readonly http = createServer({ keepAliveTimeout: keepAliveMilliseconds })
  /** Resolves when it was killed. */
  readonly killed: Promise<void>
  readonly #connections = new Set<Socket>()
  #working: Promise<void> = Promise.resolve()
  #markKilled = (): void => {}

  /** It takes requests as soon as `http` listens. */
  constructor(options: LifeOptions) {
    const { nodes, folders, hooks } = options
    this.sockets = new Sockets((outgoing) => hooks.send(outgoing))
    const queue = new Queue(() => this.sockets.sendStatus(queue.remaining))
    const history = new History()
    const cache = new Cache()
    this.worker = new Worker(queue, history, { ...options, sockets: this.sockets, cache })
    this.state = { nodes, folders, queue, history, worker: this.worker, cache, nextNumber: 0 }
    this.killed = new Promise((resolve) => {
      this.#markKilled = resolve
    })
    const router = new Router(allRoutes(this.state), hooks)
    this.http.on('request', (request, response) => void router.respond(request, response))
    this.http.on('connection', (connection: Socket) => {
      this.#connections.add(connection)
      connection.on('close', () => this.#connections.delete(connection))
    })
    this.#takeUpgrades(hooks)
  }

  /** Begins to run what is queued. */
  work(): void {
    this.#working = this.worker.work()
  }

  /**
   * Cuts all connections and stops what runs, as a killed process would: nobody is told. Resolves when nothing of it
   * is left, but for the node that runs.
   */
  async kill(): Promise<void> {
    this.sockets.forgetAll()
    for (const connection of this.#connections) connection.destroy()
    this.worker.kill()
    this.state.queue.close()
    this.#markKilled()
    await new Promise((resolve) => {
      this.http.close(resolve)
    })
  }

  /** Resolves when the node that ran at the kill has ended, too. */
  async gone(): Promise<void> {
    await this.#working
  }

  #takeUpgrades(hooks: Hooks): void {
    const upgrades = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: maxInboundFrame,
    })
    this.http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const asked = hooks.upgrade(askedOf(request, Buffer.alloc(0)))
      const status = typeof asked === 'number' ? asked : upgradeStatus(asked.path, request)
      if (typeof asked === 'number' || status !== 101) {
        socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
        return
      }
      upgrades.handleUpgrade(request, socket, head, (opened) => {
        hooks.opened(opened)
        const clientId = asked.query.get('clientId') ?? undefined
        this.sockets.add(opened, clientId, this.state.queue.remaining, this.worker.running, socket)
      })
    })
  }
}

function upgradeStatus(path: string, request: IncomingMessage): number {
  return /^(?:\/api)?\/ws$/.test(path) && !isRefused(request) ? 101 : 403
}
