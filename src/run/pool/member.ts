import { parseServerAddress } from '../../comfy/address.ts'
import { connectServer, type ComfyServer, type ServerOptions } from '../../comfy/server.ts'
import { isUnreachable } from '../../comfy/unreachable.ts'
import { asComfyRunError } from '../../error-data.ts'
import { ComfyRunError } from '../../errors.ts'
import type { EventSink } from '../../events.ts'
import type { Job } from '../../plan/job.ts'
import type { Candidate } from './choose.ts'
import { Fitness } from './fitness.ts'
import { UseAccount } from './use.ts'

/** One prompt runs and one waits: the server is never idle, and little is lost if it goes away. */
export const promptsOnServer = 2
/** Jobs of one server whose files are being fetched while it works on the next ones. */
const jobsBeingSaved = 4
/** Jobs that a server fails by its own fault, one after the other, before it is given a rest. */
const failuresInRow = 3
/** Milliseconds until the first look whether a server is back; each further wait is twice as long. */
const firstWait = 250
const longestWait = 15_000
/** The first wait of a server that answers, but fails its jobs. */
const restWait = 5000

/**
 * How a job left a server: `failed` is a failure by the server's fault, which counts against it; `ended` any other
 * end. `unknown`: its prompt may still be there.
 */
export type Verdict = 'done' | 'ended' | 'failed' | 'unknown'

/** A job's place on a server. */
export interface Place {
  readonly server: ComfyServer
  readonly member: Member
  /** Aborted when the server gets no more jobs, though it answers: what still waits there is better taken back. */
  readonly left: AbortSignal
  /** The server is done with the job, though its files may still have to be fetched. */
  free(): void
  /** The job has left the server for good. `promptId` is its prompt, if there was one. */
  leave(verdict: Verdict, error?: ComfyRunError, promptId?: string): void
}

/** What a member needs of its pool. */
export interface MemberContext {
  readonly sink: EventSink
  /** Told when a place may have become free, and when the server came or went. */
  readonly onChange: () => void
  /** Whether there is no other server: then its comings and goings are told as the connection's only. */
  readonly isAlone: boolean
  readonly connect: typeof connectServer
  /** Waits for so many milliseconds, or until the signal. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/**
 * `connecting`: for the first time. `away`: it is out of reach or has a rest, and may come back. `gone`: it refused
 * us, and will not.
 */
export type MemberState = 'connecting' | 'ready' | 'away' | 'gone'

/** One server of a pool: its connection, its places, and whether jobs may go there. */
export class Member implements Candidate {
  /** The server's address, without credentials. */
  readonly name: string
  readonly use = new UseAccount()
  readonly #options: ServerOptions
  readonly #context: MemberContext
  readonly #closing = new AbortController()
  #server: ComfyServer | undefined
  #fitness: Fitness | undefined
  #state: MemberState = 'connecting'
  #error: ComfyRunError | undefined
  #awaySince = 0
  #inHand = 0
  #inRow = 0
  /** It was away: one job must be done before it gets two again. */
  #isOnTrial = false
  #isDoubted = false
  #presence = new AbortController()
  /** Prompts that it may still have, whose jobs went elsewhere. */
  readonly #orphans = new Set<string>()

  /** Throws `bad-server-url`. */
  constructor(options: ServerOptions, context: MemberContext) {
    this.name = parseServerAddress(options.url).name
    this.#options = options
    this.#context = context
  }

  get state(): MemberState {
    return this.#state
  }

  /** Why it is away or gone. */
  get error(): ComfyRunError | undefined {
    return this.#error
  }

  /** When it went away, by `performance.now()`. */
  get awaySince(): number {
    return this.#awaySince
  }

  /** Undefined until it has connected once. */
  get rehearsal(): boolean | undefined {
    return this.#server?.capabilities.rehearsal
  }

  get load(): number {
    return this.use.load
  }

  get secondsPerJob(): number | undefined {
    return this.use.secondsPerJob
  }

  get runningFor(): number {
    return this.use.runningFor
  }

  /** Whether a job could be placed here now. */
  get hasRoom(): boolean {
    const most = this.#isOnTrial ? 1 : promptsOnServer
    return this.#state === 'ready' && this.load < most && this.#inHand < promptsOnServer + jobsBeingSaved
  }

  /** Whether it has what a job needs; undefined while that is not known. */
  fits(job: Job): boolean | undefined {
    return this.#fitness?.has(job)
  }

  /** Connects. Resolves when the first attempt is decided; after a failure that may pass it goes on trying. */
  async open(): Promise<void> {
    try {
      await this.#connect()
    } catch (thrown) {
      this.#leave(asComfyRunError(thrown), firstWait)
    }
  }

  /** Takes a place; there must be room. */
  place(): Place {
    const server = this.#server
    if (!server || !this.hasRoom) throw new Error(`${this.name} has no room`)
    let seconds: number | undefined
    let isHere = true
    this.#inHand += 1
    this.use.arrived()
    const free = (): void => {
      if (seconds !== undefined) return
      seconds = this.use.departed()
      this.#context.onChange()
    }
    return {
      server,
      member: this,
      left: this.#presence.signal,
      free,
      leave: (verdict, error, promptId) => {
        if (!isHere) return
        isHere = false
        free()
        this.#inHand -= 1
        this.use.ended(verdict === 'done', seconds)
        if (verdict === 'unknown' && promptId !== undefined) this.#orphans.add(promptId)
        this.#judge(verdict, error)
        this.#context.onChange()
      },
    }
  }

  /** A job comes back to learn how its prompt ended: the prompt is no orphan any more. */
  adopt(promptId: string): void {
    this.#orphans.delete(promptId)
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#state = 'gone'
    await this.#server?.close()
  }

  async #connect(): Promise<void> {
    const server = await this.#context.connect({
      ...this.#options,
      onLost: (reason) => {
        this.#context.sink({ type: 'server-lost', server: this.name, reason })
        void this.#doubt()
      },
      onRecovered: () => this.#context.sink({ type: 'server-recovered', server: this.name }),
      onUploaded: (file, uploaded) =>
        this.#context.sink({ type: 'file-uploaded', server: this.name, file, ...uploaded }),
    })
    if (this.#closing.signal.aborted) return server.close()
    this.#server = server
    this.#fitness = new Fitness(server, this.#context.onChange)
    const { version: comfyui, rehearsal } = server.capabilities
    this.#state = 'ready'
    this.#context.sink({
      type: 'server-connected',
      server: this.name,
      ...(comfyui !== undefined && { comfyui }),
      rehearsal,
    })
    this.#context.onChange()
  }

  /** Counts what jobs say of the server. */
  #judge(verdict: Verdict, error: ComfyRunError | undefined): void {
    if (verdict === 'done') {
      this.#inRow = 0
      this.#isOnTrial = false
    }
    if (verdict !== 'failed' && verdict !== 'unknown') return
    this.#inRow += 1
    if (isUnreachable(error)) void this.#doubt()
    else if (error && verdict === 'unknown') this.#leave(error, restWait)
    else if (error && !this.#context.isAlone && (this.#isOnTrial || this.#inRow >= failuresInRow)) {
      this.#inRow = 0
      this.#leave(error, restWait)
    }
  }

  /** Something says that the server is out of reach: it is asked, and gets no more jobs if it does not answer. */
  async #doubt(): Promise<void> {
    if (this.#state !== 'ready' || this.#isDoubted) return
    this.#isDoubted = true
    try {
      await this.#server?.refresh()
    } catch (thrown) {
      this.#leave(asComfyRunError(thrown), firstWait)
    } finally {
      this.#isDoubted = false
    }
  }

  #leave(error: ComfyRunError, wait: number): void {
    if (this.#state === 'gone' || this.#state === 'away') return
    this.#error = error
    this.#awaySince = performance.now()
    // Wrong credentials, or something that is not ComfyUI, do not mend themselves.
    this.#state = error.code === 'server-refused' || error.code === 'not-comfyui' ? 'gone' : 'away'
    if (!this.#context.isAlone) {
      this.#context.sink({ type: 'server-left', server: this.name, reason: error.message })
    }
    this.#context.onChange()
    if (!isUnreachable(error)) {
      this.#presence.abort(
        new ComfyRunError('job-lost', `the job was taken back from ${this.name}, which has trouble`),
      )
    }
    if (this.#state === 'away') void this.#comeBack(wait)
  }

  async #comeBack(firstPause: number): Promise<void> {
    const { signal } = this.#closing
    for (let wait = firstPause; ; wait = Math.min(longestWait, wait * 2)) {
      await this.#context.pause(wait, signal)
      if (signal.aborted) return
      try {
        if (this.#server) await this.#return(this.#server)
        else await this.#connect()
        return
      } catch {
        // Still away.
      }
    }
  }

  async #return(server: ComfyServer): Promise<void> {
    await server.refresh()
    if (this.#closing.signal.aborted) return
    this.#fitness = new Fitness(server, this.#context.onChange)
    await this.#stopOrphans(server)
    this.#state = 'ready'
    this.#isOnTrial = true
    this.#presence = new AbortController()
    if (!this.#context.isAlone) this.#context.sink({ type: 'server-returned', server: this.name })
    this.#context.onChange()
  }

  /** Prompts whose jobs were given to others must not run here as well. Throws if one can't be stopped. */
  async #stopOrphans(server: ComfyServer): Promise<void> {
    for (const promptId of this.#orphans) {
      await server.dropPrompt(promptId)
      this.#orphans.delete(promptId)
    }
  }
}
