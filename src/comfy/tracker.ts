import { ComfyRunError } from '../errors.ts'
import type { BinaryFrame } from '../protocol/frames.ts'
import type { ApiGraph } from '../protocol/graph.ts'
import type { PromptRecord } from '../protocol/history.ts'
import type { SocketMessage } from '../protocol/messages.ts'
import type { InputError } from '../protocol/prompt.ts'
import type { Access } from './access.ts'
import type { Capabilities } from './capabilities.ts'
import { Follower, hasSocketOutputs } from './follow.ts'
import { Hearing, type Expected } from './hearing.ts'
import { LookClock } from './look-clock.ts'
import { lostOutcome, outcomeOf, type Known, type Outcome } from './outcome.ts'
import type { PromptListener } from './prompt-events.ts'
import type { Queued } from './queue-watch.ts'
import { readDueRecord, type RecordReader } from './record-reader.ts'
import type { Recipient } from './router.ts'
import { readTruth } from './truth.ts'
import { isUnreachable } from './unreachable.ts'

/** What a tracker needs from the server that it belongs to. */
export interface TrackerContext {
  readonly access: Access
  readonly capabilities: Capabilities
  readonly records: RecordReader
  readonly pace: Pace
  /** The socket is open, but the server does not use it: open another. */
  replaceSocket(): void
  /** Whether there is a socket that messages can still come from. */
  isSocketOpen(): boolean
}

/** How often the server is asked, in milliseconds. */
export interface Pace {
  /** Between two looks at a prompt that the socket is silent about. */
  readonly beat: number
  /** How long a server may be out of reach before its prompts are given up. */
  readonly patience: number
}

/** After the queue became shorter, the end is soon told of; only if it is not, is the server asked. */
const shrinkPause = 1000
/** `execution_success` comes before the record; usually the end marker follows at once. */
const endMarkerPause = 300
/** After a look that failed, in milliseconds. */
const pauseAfterFailure = 1000
/** Without a socket only looking tells: from this pause on, in milliseconds, each twice as long as the one before. */
const blindPause = 250

/**
 * Tracks one submitted prompt to its end. The socket tells quickly that something happened; how the prompt
 * ended is decided once, by the server's record.
 */
export class Tracker implements Queued, Recipient {
  readonly promptId: string
  readonly finished: Promise<Outcome>
  readonly #context: TrackerContext
  readonly #follower: Follower
  readonly #known: Pick<Known, 'graph' | 'dropped'>
  readonly #emit: PromptListener
  readonly #hearing: Hearing
  readonly #clock = new LookClock(() => void this.#look())
  #decide!: (outcome: Outcome) => void
  #isDecided = false
  #isCancelled = false
  #misses = 0
  #unreachableSince: number | undefined
  #blindLooks = 0
  #ahead: number | undefined

  constructor(
    context: TrackerContext,
    prompt: {
      readonly promptId: string
      readonly graph: ApiGraph
      readonly dropped: readonly InputError[]
      readonly emit: PromptListener
      /** What our socket gets of it. Default: all its messages. */
      readonly expected?: Expected
    },
  ) {
    this.promptId = prompt.promptId
    this.#hearing = new Hearing(prompt.expected ?? 'messages')
    this.#context = context
    this.#known = prompt
    this.#emit = prompt.emit
    this.#follower = new Follower(prompt.graph, prompt.emit)
    this.finished = new Promise((resolve) => {
      this.#decide = resolve
    })
    this.#clock.set(this.#slowBeat())
    // It takes milliseconds: if nothing is told of it for longer, nothing will be.
    if (this.#hearing.expected === 'end') this.checkWithin(shrinkPause)
  }

  /** Takes a socket message that belongs to this prompt. */
  message(message: SocketMessage): void {
    if (this.#isDecided) return
    this.#hearing.heard()
    const signal = this.#follower.message(message)
    if (signal === 'ended') {
      // What failed may be a reason to begin nothing more: then its place is free only when that is known.
      const { hasFailed, seconds } = this.#follower
      if (!hasFailed) this.#emit({ type: 'ended', ...(seconds !== undefined && { seconds }) })
      this.#recordIsDue()
    }
    if (signal === 'ending') this.checkWithin(endMarkerPause)
    else this.#clock.putOff(this.#slowBeat())
  }

  /** Takes a binary frame that belongs to this prompt. */
  frame(frame: BinaryFrame): void {
    if (this.#isDecided) return
    this.#hearing.gotFrame()
    this.#follower.frame(frame)
  }

  /** Says that the prompt was cancelled by us, so that its disappearance is no loss. */
  cancelled(): void {
    this.#isCancelled = true
    this.checkWithin(0)
  }

  /** Says that the socket was opened anew: what came in between is lost, so the server is asked. */
  reconnected(): void {
    this.#hearing.over()
    this.checkWithin(0)
  }

  /** Looks at the server soon: the socket was cut, for instance. */
  checkWithin(milliseconds: number): void {
    if (!this.#isDecided) this.#clock.within(milliseconds)
  }

  /** The server works on it, by its place in the queue. Where messages come, they say so. */
  reachedFront(): void {
    if (!this.#isDecided && this.#hearing.expected === 'end') this.#follower.start()
  }

  /** It is not in the server's queue any more. Where messages come, the end marker follows. */
  leftQueue(): void {
    if (this.#hearing.expected !== 'end') return this.queueShrank()
    if (this.#isDecided) return
    this.#follower.start()
    this.#emit({ type: 'ended' })
    this.#recordIsDue()
  }

  /**
   * The server's queue became shorter: one of its prompts has ended, maybe this one, and its end marker got lost. So the
   * server is asked soon, unless a message of this prompt shows first that it goes on.
   */
  queueShrank(): void {
    if (!this.#isDecided) this.#clock.maybeWithin(shrinkPause)
  }

  /** Gives the prompt up with an error; for a server that is closed while prompts run. */
  abandon(error: ComfyRunError): void {
    this.#end({ ...lostOutcome(this.#facts(), false), status: 'failed', error })
  }

  #recordIsDue(): void {
    this.#hearing.over()
    if (this.#clock.isLooking) this.checkWithin(0)
    else void this.#readRecord()
  }

  /** The end was told of: the record exists, or will within moments. */
  async #readRecord(): Promise<void> {
    this.#clock.begin()
    let next = this.#context.pace.beat
    try {
      const record = await readDueRecord(this.#context, this.promptId)
      if (record) return this.#settle(record)
      // The length of a queue may also have told of what somebody took out of it.
      if (this.#hearing.expected === 'end') next = 0
    } catch (error) {
      next = Math.min(next, pauseAfterFailure)
      this.#failedRead(error)
    } finally {
      this.#clock.end(next)
    }
  }

  /** One look at the server's own view of the prompt. */
  async #look(): Promise<void> {
    if (this.#clock.isLooking || this.#isDecided) return
    this.#clock.begin()
    let next = this.#slowBeat()
    try {
      const truth = await readTruth(this.#context.access, this.#context.capabilities, this.promptId)
      this.#unreachableSince = undefined
      if (truth.state === 'ended') {
        const isOpen = this.#context.isSocketOpen()
        if (this.#hearing.missedAll(this.#follower.started, isOpen)) this.#context.replaceSocket()
        const mayMiss = hasSocketOutputs(this.#known.graph) && this.#hearing.awaitsPictures(isOpen)
        if (!mayMiss) this.#settle(truth.record)
      } else if (truth.state === 'unknown') {
        this.#misses += 1
        if (this.#misses > 1) return this.#end(lostOutcome(this.#facts(), this.#isCancelled))
        next = Math.min(next, 500)
      } else {
        this.#misses = 0
        if (truth.state === 'pending') this.#waiting(truth.ahead)
        else this.#runs()
      }
    } catch (error) {
      next = Math.min(next, pauseAfterFailure)
      this.#failedRead(error)
    } finally {
      this.#clock.end(next)
    }
  }

  /** How long to wait for the socket to tell something; with jitter, so that prompts do not ask in step. */
  #slowBeat(): number {
    const { beat } = this.#context.pace
    if (this.#context.isSocketOpen()) return beat * (0.75 + Math.random() / 2)
    this.#blindLooks += 1
    return Math.min(beat, blindPause * 2 ** (this.#blindLooks - 1))
  }

  #waiting(ahead: number): void {
    if (ahead === this.#ahead) return
    this.#ahead = ahead
    this.#emit({ type: 'queued', ahead })
  }

  #runs(): void {
    const wasStarted = this.#follower.started
    this.#follower.start()
    if (this.#hearing.needsAnother(wasStarted, this.#context.isSocketOpen())) this.#context.replaceSocket()
  }

  #failedRead(error: unknown): void {
    if (!isUnreachable(error)) {
      const reason =
        error instanceof ComfyRunError
          ? error
          : new ComfyRunError('internal', String(error), { cause: error })
      return this.#end({ ...lostOutcome(this.#facts(), false), status: 'failed', error: reason })
    }
    this.#unreachableSince ??= Date.now()
    if (Date.now() - this.#unreachableSince > this.#context.pace.patience) {
      this.#end({ ...lostOutcome(this.#facts(), false), error: error as ComfyRunError })
    }
  }

  #settle(record: PromptRecord): void {
    this.#end(outcomeOf(record, this.#facts()))
  }

  #facts(): Known {
    return {
      graph: this.#known.graph,
      dropped: this.#known.dropped,
      socketImages: this.#follower.socketImages,
      droppedImages: this.#follower.droppedImages,
      blocked: this.#follower.blocked,
    }
  }

  #end(outcome: Outcome): void {
    if (this.#isDecided) return
    this.#isDecided = true
    this.#clock.stop()
    this.#decide(outcome)
  }
}
