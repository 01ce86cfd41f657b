import { parseServerAddress } from '../../comfy/address.ts'
import type { ComfyServer, ServerOptions } from '../../comfy/server.ts'
import { isUnreachable } from '../../comfy/unreachable.ts'
import type { ComfyRunError } from '../../errors.ts'
import type { Job } from '../../plan/job.ts'
import type { Candidate } from './choose.ts'
import { depthFor, mostInHand } from './depth.ts'
import { Fitness } from './fitness.ts'
import { guessSeconds } from './guess.ts'
import { Presence, type PresenceContext, type PresenceState } from './presence.ts'
import { UseAccount } from './use.ts'

/** Jobs that a server fails by its own fault, one after the other, before it is given a rest. */
const failuresInRow = 3

/**
 * How a job left a server: `failed` is a failure by the server's fault, which counts against it; `ended` any other
 * end. `unknown`: its prompt may still be there.
 */
export type Verdict = 'done' | 'ended' | 'failed' | 'unknown'

/** A job's place on a server. */
export interface Place {
  readonly server: ComfyServer
  readonly member: Member
  /** What a job takes there, in seconds; undefined until one was done. */
  readonly secondsPerJob: number | undefined
  /** Aborted when the server gets no more jobs, though it answers: what still waits there is better taken back. */
  readonly left: AbortSignal
  /**
   * The server is done with the job, and it did not fail, though its files may still have to be fetched. `seconds` is what
   * it took there, by the server's own clock: ours also counts what comes late to us. It may be told again when that is known.
   */
  free(seconds?: number): void
  /** The job has left the server for good. `promptId` is its prompt, if there was one. */
  leave(verdict: Verdict, error?: ComfyRunError, promptId?: string): void
}

/** One server of a pool: its places, and whether jobs may go there. */
export class Member implements Candidate {
  /** The server's address, without credentials. */
  readonly name: string
  readonly use = new UseAccount()
  readonly #presence: Presence
  readonly #context: PresenceContext
  /** What it has, as it was when it came (back). */
  #fitness: { readonly returns: number; readonly of: Fitness } | undefined
  /** The first job that it got. */
  #first: Job | undefined
  /** How many jobs like that one it may have while none was done: found out when there is a second one. */
  #guess: number | undefined
  #inHand = 0
  #inRow = 0
  /** The return after which a job was done: until then it gets one job at a time. */
  #trusted = 0

  /** Throws `bad-server-url`. */
  constructor(options: ServerOptions, context: PresenceContext) {
    this.name = parseServerAddress(options.url).name
    this.#context = context
    this.#presence = new Presence(this.name, options, context)
  }

  get state(): PresenceState {
    return this.#presence.state
  }

  /** Why it is away or gone. */
  get error(): ComfyRunError | undefined {
    return this.#presence.error
  }

  /** When it went away, by `performance.now()`. */
  get awaySince(): number {
    return this.#presence.awaySince
  }

  /** Undefined until it has connected once. */
  get rehearsal(): boolean | undefined {
    return this.#presence.server?.capabilities.rehearsal
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
    return (
      this.state === 'ready' && this.load < this.#depth && this.#inHand < mostInHand(this.#context.isAlone)
    )
  }

  /** Whether it has what a job needs; undefined while that is not known. */
  fits(job: Job): boolean | undefined {
    const { server, returns } = this.#presence
    if (!server) return undefined
    if (this.#fitness?.returns !== returns) {
      this.#fitness = { returns, of: new Fitness(server, this.#context.onChange) }
    }
    return this.#fitness.of.has(job)
  }

  /** Connects. Resolves when the first attempt is decided; after a failure that may pass it goes on trying. */
  async open(): Promise<void> {
    await this.#presence.open()
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    await this.#presence.close()
  }

  /** Takes a place for a job; there must be room. */
  place(job: Job): Place {
    const { server, left } = this.#presence
    if (!server || !this.hasRoom) throw new Error(`${this.name} has no room`)
    this.#first ??= job
    let isHere = true
    let isMeasured = false
    /** What it took by our clock; undefined until it has left the server. */
    let turn: number | undefined
    this.#inHand += 1
    this.use.arrived()
    const depart = (): number => {
      if (turn !== undefined) return turn
      turn = this.use.departed()
      this.#context.onChange()
      return turn
    }
    const measure = (seconds: number): void => {
      if (!isMeasured) this.use.took(seconds)
      isMeasured = true
    }
    return {
      server,
      member: this,
      secondsPerJob: this.secondsPerJob,
      left,
      free: (seconds) => {
        if (seconds !== undefined) measure(seconds)
        depart()
      },
      leave: (verdict, error, promptId) => {
        if (!isHere) return
        isHere = false
        const seconds = depart()
        if (verdict === 'done') measure(seconds)
        this.#inHand -= 1
        this.use.ended(verdict === 'done')
        if (verdict === 'unknown' && promptId !== undefined) this.#presence.orphans.add(promptId)
        this.#judge(verdict, error)
        this.#context.onChange()
      },
    }
  }

  /** A job comes back to learn how its prompt ended: the prompt is no orphan any more. */
  adopt(promptId: string): void {
    this.#presence.orphans.delete(promptId)
  }

  /** How many jobs it may have, running and waiting. */
  get #depth(): number {
    if (this.#isOnTrial) return 1
    const { isAlone } = this.#context
    const usual = depthFor(this.secondsPerJob, isAlone)
    // With several servers what was guessed too low would wait here, while another one has nothing to do.
    const mayGuess = this.secondsPerJob === undefined && isAlone
    if (!mayGuess || !this.#first || this.load < usual) return usual
    this.#guess ??= depthFor(guessSeconds(this.#first), isAlone)
    return this.#guess
  }

  get #isOnTrial(): boolean {
    return this.#trusted < this.#presence.returns
  }

  /** Counts what a job says of the server. */
  #judge(verdict: Verdict, error: ComfyRunError | undefined): void {
    if (verdict === 'done') {
      this.#inRow = 0
      this.#trusted = this.#presence.returns
    }
    if (verdict !== 'failed' && verdict !== 'unknown') return
    this.#inRow += 1
    if (!error) return
    const isTooOften = !this.#context.isAlone && (this.#isOnTrial || this.#inRow >= failuresInRow)
    if (isUnreachable(error)) void this.#presence.doubt()
    else if (verdict === 'unknown' || isTooOften) {
      this.#inRow = 0
      this.#presence.rest(error)
    }
  }
}
