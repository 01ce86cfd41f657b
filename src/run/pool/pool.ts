import { setTimeout as delay } from 'node:timers/promises'
import { connectServer, type ServerOptions } from '../../comfy/server.ts'
import { ComfyRunError } from '../../errors.ts'
import type { EventSink, ServerUse } from '../../events.ts'
import type { Job } from '../../plan/job.ts'
import { chooseBest, isWorthwhile } from './choose.ts'
import { mostInHand } from './depth.ts'
import { Member, type Place } from './member.ts'
import type { PresenceContext } from './presence.ts'

/** How long all servers may be out of reach before a run is given up, in milliseconds, unless the user says otherwise. */
export const defaultPatience = 60_000

/**
 * Jobs that may wait for the server that has what they need, while others are looked for that another one can do. All of
 * them are looked at again whenever something changes.
 */
const mostWaiting = 64

export interface PoolOptions {
  /** One or more. */
  readonly servers: readonly ServerOptions[]
  readonly sink: EventSink
  /** In milliseconds. Default: `defaultPatience`. */
  readonly patience?: number
  /** How many jobs are still to be placed: towards the end slow servers may get none, and records are read sooner. */
  readonly remaining: () => number
  /** Only tests put others in their place. */
  readonly parts?: Partial<Pick<PresenceContext, 'connect' | 'pause'>>
}

/** Where a job should go, or not. */
export interface Wish {
  /** The server by this name may have the job's prompt already: it is waited for, unless it is away. */
  readonly prefer?: string
  /** Servers that have failed the job: they get it only if there is no other. */
  readonly avoid?: ReadonlySet<Member>
}

interface Waiter {
  readonly job: Job
  readonly wish: Wish
  readonly resolve: (place: Place | undefined) => void
}

/**
 * The servers of a run. A job is given a place only when a server has one free, so that work goes to who is idle;
 * a server that is out of reach gets none until it is back.
 */
export class Pool {
  readonly members: readonly Member[]
  readonly #options: PoolOptions
  readonly #waiters: Waiter[] = []
  #roomWaiters: (() => void)[] = []
  #deadline: NodeJS.Timeout | undefined
  #failure: ComfyRunError | undefined
  #isStopped = false

  private constructor(options: PoolOptions) {
    const { servers, sink, parts } = options
    this.#options = options
    const context: PresenceContext = {
      sink,
      onChange: () => this.#serve(),
      isAlone: servers.length === 1,
      connect: connectServer,
      pause: async (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => {}),
      ...parts,
    }
    const hasMore = (): boolean => options.remaining() > 0
    this.members = servers.map((server) => new Member({ ...server, hasMore }, context))
  }

  /**
   * Connects to all servers, and resolves when one can be used; the others may come later. Throws `bad-server-url`,
   * `server-unreachable`, `server-refused`, `not-comfyui` if none can.
   */
  static async open(options: PoolOptions): Promise<Pool> {
    const pool = new Pool(options)
    const opening = Promise.all(pool.members.map(async (member) => member.open()))
    const ready = new Promise<void>((resolve) => pool.#roomWaiters.push(resolve))
    await Promise.race([opening, ready])
    if (pool.members.some(({ state }) => state === 'ready')) return pool
    await pool.close()
    throw pool.members[0]?.error ?? new ComfyRunError('server-unreachable', 'there is no server')
  }

  /** Why no job can be run any more: every server has left, and none came back in time. */
  get failure(): ComfyRunError | undefined {
    return this.#failure
  }

  /** Whether no server of the run has a model. One that has not answered yet may have some. */
  get isRehearsal(): boolean {
    return this.members.every(({ rehearsal }) => rehearsal === true)
  }

  /** How many jobs may be given out at a time: what its servers may have in hand, and what may wait for one of them. */
  get mostOut(): number {
    const { length } = this.members
    return length * mostInHand(length === 1) + mostWaiting
  }

  /** Resolves when a server has room and few jobs wait already for one that fits, or when there will never be any. */
  async hasRoom(): Promise<void> {
    while (!this.#isOver && !(this.#anyRoom() && this.#waiters.length < mostWaiting)) {
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve))
    }
  }

  /** Waits for a place for a job. Undefined if there will be none: the run is stopped, or every server has left. */
  async take(job: Job, wish: Wish = {}): Promise<Place | undefined> {
    if (this.#isOver) return undefined
    return new Promise((resolve) => {
      this.#waiters.push({ job, wish, resolve })
      this.#serve()
    })
  }

  /** Whether another server than these could run a job. */
  hasOther(job: Job, than: ReadonlySet<Member>): boolean {
    return this.members.some(
      (member) => !than.has(member) && member.state === 'ready' && member.fits(job) === true,
    )
  }

  /** Gives no place any more; who waits for one gets none. */
  stop(): void {
    this.#isStopped = true
    this.#release()
  }

  /** What each server did. */
  report(): ServerUse[] {
    return this.members.map(({ name, use }) => use.report(name))
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    this.stop()
    clearTimeout(this.#deadline)
    await Promise.all(this.members.map(async (member) => member.close()))
  }

  get #isOver(): boolean {
    return this.#isStopped || this.#failure !== undefined
  }

  #anyRoom(): boolean {
    return this.members.some(({ hasRoom }) => hasRoom)
  }

  /** Gives free places to those who wait, first come first served; who can use none lets the next go first. */
  #serve(): void {
    this.#watchForFailure()
    let hasRoom = this.#anyRoom()
    for (let index = 0; hasRoom && index < this.#waiters.length;) {
      const waiter = this.#waiters[index]
      const member = waiter && this.#memberFor(waiter)
      if (!waiter || !member) index += 1
      else {
        this.#waiters.splice(index, 1)
        waiter.resolve(member.place(waiter.job))
        hasRoom = this.#anyRoom()
      }
    }
    if (!hasRoom) return
    const waiting = this.#roomWaiters
    this.#roomWaiters = []
    for (const resolve of waiting) resolve()
  }

  #memberFor({ job, wish }: Waiter): Member | undefined {
    const preferred = this.members.find(({ name }) => name === wish.prefer)
    if (preferred && (preferred.state === 'ready' || preferred.state === 'connecting')) {
      return preferred.hasRoom ? preferred : undefined
    }
    const usable = this.#usableFor(job, wish)
    const best = chooseBest(usable.filter(({ hasRoom }) => hasRoom))
    if (!best) return undefined
    const others = usable.filter((member) => member !== best)
    return isWorthwhile(best, others, Math.max(1, this.#options.remaining())) ? best : undefined
  }

  /** The servers that a job may go to, whether they have room or not. */
  #usableFor(job: Job, { avoid }: Wish): readonly Member[] {
    const here = this.members.filter(({ state }) => state === 'ready' || state === 'connecting')
    if (this.members.length === 1) return here
    // What has not answered yet may be the one that fits.
    if (here.some((member) => member.state === 'ready' && member.fits(job) === undefined)) return []
    const fitting = here.filter((member) => member.fits(job) !== false)
    const fresh = fitting.filter((member) => !avoid?.has(member))
    if (fresh.length > 0) return fresh
    if (fitting.length > 0) return fitting
    // None has what the job needs: whoever gets it will say what is missing.
    return here
  }

  /** Gives the run up when every server has been away for too long, or is gone for good. */
  #watchForFailure(): void {
    const isHopeful = this.members.some(({ state }) => state === 'ready' || state === 'connecting')
    if (isHopeful) {
      clearTimeout(this.#deadline)
      this.#deadline = undefined
      return
    }
    if (this.#isOver || this.#deadline) return
    const away = this.members.filter(({ state }) => state === 'away')
    const patience = away.length === 0 ? 0 : (this.#options.patience ?? defaultPatience)
    const error = (away[0] ?? this.members[0])?.error
    this.#deadline = setTimeout(() => {
      this.#failure = error
      this.#release()
    }, patience)
  }

  /** Lets everyone go who waits for what will not come. */
  #release(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve(undefined)
    const waiting = this.#roomWaiters
    this.#roomWaiters = []
    for (const resolve of waiting) resolve()
  }
}
