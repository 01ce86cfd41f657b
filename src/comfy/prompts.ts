import { v4 as uuid } from 'uuid'
import { ComfyRunError } from '../errors.ts'
import type { BinaryFrame } from '../protocol/frames.ts'
import type { ApiGraph } from '../protocol/graph.ts'
import type { JsonObject, JsonValue } from '../protocol/json.ts'
import type { SocketMessage } from '../protocol/messages.ts'
import { cancelPrompt } from './cancel.ts'
import type { Capabilities } from './capabilities.ts'
import { hasSocketOutputs } from './follow.ts'
import type { Expected } from './hearing.ts'
import type { Outcome } from './outcome.ts'
import type { PromptListener } from './prompt-events.ts'
import { QueueWatch } from './queue-watch.ts'
import { RecordReader } from './record-reader.ts'
import { Router } from './router.ts'
import { submitPrompt, type Accepted } from './submit.ts'
import { Tracker, type TrackerContext } from './tracker.ts'
import { readTruth } from './truth.ts'

/** What to run. */
export interface PromptRequest {
  readonly graph: ApiGraph
  /** The UI-format graph to be embedded in the images. */
  readonly uiWorkflow?: JsonValue
  /** More of `extra_data`, e.g. `preview_method`. */
  readonly extraData?: JsonObject
  readonly onEvent?: PromptListener
  /**
   * Its messages are not needed, and cost the server more than a short job itself: if the length of the queue will tell of
   * its end, they are not asked for. Then its only events are `started` and `ended`, and `ended` may be a failure's.
   */
  readonly withoutMessages?: boolean
  /** Told the ids before each POST, which waits for it. Servers before 0.3.45 choose another prompt id. */
  readonly onSending?: (ids: { readonly promptId: string; readonly clientId: string }) => Promise<void>
  /** Gives up submitting; what is submitted is stopped by `cancel`. */
  readonly signal?: AbortSignal
}

/** A prompt that the server has accepted. */
export interface SubmittedPrompt {
  readonly promptId: string
  /** Resolves when the prompt's end is decided; never rejects. */
  readonly finished: Promise<Outcome>
  /** Asks the server to stop it. Its end still comes through `finished`. */
  cancel(): Promise<void>
}

/** What prompts need of the server that they run on. */
export interface PromptsContext extends Omit<TrackerContext, 'capabilities' | 'records'> {
  /** As the server said last. */
  capabilities(): Capabilities
  /** The one that the socket was opened with: what is posted under it gets its messages there. */
  readonly clientId: string
  /** See `ServerOptions`. */
  readonly hasMore: (() => boolean) | undefined
}

/** After the socket was lost, in milliseconds: usually it is back by then. */
const lostPause = 1000

/** The prompts of ours on one server, from their POST to their end. */
export class Prompts {
  readonly #context: PromptsContext
  /** No socket has it: what is posted under it gets no messages. */
  readonly #silentId = uuid()
  readonly #router = new Router()
  readonly #queue = new QueueWatch()
  readonly #records: RecordReader
  readonly #trackers = new Set<Tracker>()
  /** One has failed or warned: only messages tell all reasons, so that the others get theirs. */
  #isTroubled = false

  constructor(context: PromptsContext) {
    this.#context = context
    this.#records = new RecordReader(context.access, {
      underWay: () => (this.#queue.isSubmitting ? Infinity : this.#trackers.size),
      hasMore: context.hasMore,
    })
  }

  /** See `ComfyServer.submit`. */
  async submit(request: PromptRequest): Promise<SubmittedPrompt> {
    const expected = this.#expectedOf(request)
    const clientId = expected === 'end' ? this.#silentId : this.#context.clientId
    this.#router.expect()
    this.#queue.expect()
    let tracker: Tracker | undefined
    try {
      const accepted = await submitPrompt(this.#context.access, this.#context.capabilities(), {
        graph: request.graph,
        clientId,
        extraData: extraData(request),
        onSending: async (promptId) => request.onSending?.({ promptId, clientId }),
        signal: request.signal,
      })
      tracker = this.#track({ ...accepted, expected }, request)
    } finally {
      this.#router.settle(tracker?.promptId, tracker)
      this.#queue.settle(tracker)
    }
    return this.#submitted(tracker)
  }

  /** See `ComfyServer.resume`. */
  async resume(
    promptId: string,
    request: Pick<PromptRequest, 'graph' | 'onEvent'>,
  ): Promise<SubmittedPrompt | undefined> {
    const { state } = await readTruth(this.#context.access, this.#context.capabilities(), promptId)
    if (state === 'unknown') return undefined
    const tracker = this.#track({ promptId, dropped: [], expected: 'nothing' }, request)
    if (state !== 'ended') this.#queue.add(tracker)
    tracker.checkWithin(0)
    return this.#submitted(tracker)
  }

  /** Takes a text message of the socket. */
  message(message: SocketMessage): void {
    this.#queue.message(message)
    this.#router.message(message)
  }

  /** Takes a binary frame of the socket. */
  frame(frame: BinaryFrame): void {
    this.#router.frame(frame)
  }

  /** The socket is open (again): what was sent meanwhile is lost. */
  socketOpened(): void {
    this.#router.reset()
    this.#queue.reset()
    for (const tracker of this.#trackers) tracker.reconnected()
  }

  /** The socket is gone. */
  socketLost(): void {
    for (const tracker of this.#trackers) tracker.checkWithin(lostPause)
  }

  /** Gives all up; the server goes on with them. */
  abandon(): void {
    const error = new ComfyRunError('job-lost', 'the connection was closed before the job ended')
    for (const tracker of this.#trackers) tracker.abandon(error)
  }

  #expectedOf({ graph, withoutMessages = false }: PromptRequest): Expected {
    const isToldByQueue = this.#context.isSocketOpen() && this.#queue.willTell && !this.#isTroubled
    return withoutMessages && isToldByQueue && !hasSocketOutputs(graph) ? 'end' : 'messages'
  }

  #track(
    accepted: Accepted & { readonly expected: Expected },
    request: Pick<PromptRequest, 'graph' | 'onEvent'>,
  ): Tracker {
    const { graph, onEvent = () => {} } = request
    const emit: PromptListener = (event) => {
      if (event.type === 'warning') this.#isTroubled = true
      onEvent(event)
    }
    const tracker = new Tracker(
      { ...this.#context, capabilities: this.#context.capabilities(), records: this.#records },
      { ...accepted, graph, emit },
    )
    this.#trackers.add(tracker)
    return tracker
  }

  #submitted(tracker: Tracker): SubmittedPrompt {
    const finished = tracker.finished.then((outcome) => {
      this.#trackers.delete(tracker)
      this.#router.forget(tracker.promptId)
      this.#queue.remove(tracker)
      this.#isTroubled ||= outcome.status === 'failed'
      return outcome
    })
    return {
      promptId: tracker.promptId,
      finished,
      cancel: async () => {
        await cancelPrompt(this.#context.access, this.#context.capabilities(), tracker.promptId)
        tracker.cancelled()
      },
    }
  }
}

/** `extra_data` must be an object, and `client_id` in it makes the server send events and cached outputs. */
function extraData({ uiWorkflow, extraData: more }: PromptRequest): JsonObject {
  return { ...more, ...(uiWorkflow !== undefined && { extra_pnginfo: { workflow: uiWorkflow } }) }
}
