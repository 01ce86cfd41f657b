import { v4 as uuid } from 'uuid'
import { ComfyRunError } from '../errors.ts'
import type { ApiGraph } from '../protocol/graph.ts'
import type { JsonObject, JsonValue } from '../protocol/json.ts'
import type { NodeClass } from '../protocol/object-info.ts'
import type { ServerFile } from '../protocol/outputs.ts'
import { closeAccess, openAccess, type Access, type AccessOptions } from './access.ts'
import { cancelPrompt } from './cancel.ts'
import { capabilitiesOf, probe, probeFirmly, type Capabilities } from './capabilities.ts'
import { openFile, type OpenedFile } from './download.ts'
import { send } from './http.ts'
import { Loss, type LossListener } from './loss.ts'
import { NodeClassCache } from './node-class-cache.ts'
import { OutputFolder } from './output-folder.ts'
import type { Outcome } from './outcome.ts'
import type { PromptListener } from './prompt-events.ts'
import { RecordReader } from './record-reader.ts'
import { Router } from './router.ts'
import { ServerSocket } from './socket.ts'
import { submitPrompt, type Accepted } from './submit.ts'
import { Tracker, type Pace } from './tracker.ts'
import { readTruth } from './truth.ts'
import type { Uploaded, UploadRequest } from './upload.ts'
import { Uploads, type UploadListener } from './uploads.ts'

export interface ServerOptions extends AccessOptions, LossListener, UploadListener {
  readonly pace?: Partial<Pace>
  /** The server's output folder as this machine has it: files are read there, if it turns out to be that folder. */
  readonly outputFolder?: string
  /** Told if it is not. */
  readonly onFolderRefuted?: (reason: string) => void
}

/** What to run. */
export interface PromptRequest {
  readonly graph: ApiGraph
  /** The UI-format graph to be embedded in the images. */
  readonly uiWorkflow?: JsonValue
  /** More of `extra_data`, e.g. `preview_method`. */
  readonly extraData?: JsonObject
  readonly onEvent?: PromptListener
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

/** After the socket was lost, in milliseconds: usually it is back by then. */
const lostPause = 1000
const defaultPace: Pace = { beat: 5000, patience: 60_000 }

/** One ComfyUI server: a keep-alive pool, one socket, and the prompts that run there. */
export class ComfyServer {
  /** Those of the oldest server, until it was asked. */
  #capabilities = capabilitiesOf({}, undefined)
  readonly #access: Access
  readonly #options: ServerOptions
  readonly #clientId = uuid()
  readonly #router = new Router()
  readonly #trackers = new Set<Tracker>()
  readonly #socket: ServerSocket
  readonly #loss: Loss
  readonly #records: RecordReader
  readonly #uploads: Uploads
  readonly #outputFolder: OutputFolder | undefined
  readonly #nodeClasses: NodeClassCache
  /** How many prompts are on their way to the server. */
  #submitting = 0

  /** Use `connectServer`. */
  constructor(access: Access, options: ServerOptions) {
    this.#access = access
    this.#options = options
    this.#loss = new Loss(options)
    this.#nodeClasses = new NodeClassCache(access)
    this.#uploads = new Uploads(access, options)
    const { outputFolder, onFolderRefuted = () => {} } = options
    this.#outputFolder =
      outputFolder === undefined ? undefined : new OutputFolder(outputFolder, onFolderRefuted)
    this.#records = new RecordReader(access, {
      mayMoreEnd: (known) => this.#submitting > 0 || this.#trackers.size > known,
    })
    this.#socket = new ServerSocket(access, this.#clientId, {
      message: (message) => {
        if (!this.#router.message(message)) return
        for (const tracker of this.#trackers) tracker.queueShrank()
      },
      frame: (frame) => this.#router.frame(frame),
      opened: () => this.#opened(),
      lost: (reason) => this.#lost(reason),
    })
  }

  /** What the server is, as it said last. */
  get capabilities(): Capabilities {
    return this.#capabilities
  }

  /** What messages call the server: its address without credentials. */
  get name(): string {
    return this.#access.address.name
  }

  /**
   * Asks the server what it is, and opens the socket. Without one, prompts are followed by asking. Throws
   * `server-unreachable`, `server-refused`, `not-comfyui`.
   */
  async open(): Promise<void> {
    // Both at once: each is several ways to the server and back, and it may be far.
    const opening = this.#socket.open()
    this.#capabilities = await probeFirmly(this.#access)
    await opening
    this.#loss.serverIsThere()
  }

  /**
   * Queues a prompt. Throws `workflow-rejected` and its kin if the server refuses it, `server-unreachable`,
   * `server-refused`.
   */
  async submit(request: PromptRequest): Promise<SubmittedPrompt> {
    this.#router.expect()
    this.#submitting += 1
    let tracker: Tracker | undefined
    try {
      const accepted = await submitPrompt(this.#access, this.#capabilities, {
        graph: request.graph,
        clientId: this.#clientId,
        extraData: extraData(request),
        onSending: async (promptId) => request.onSending?.({ promptId, clientId: this.#clientId }),
        signal: request.signal,
      })
      tracker = this.#track(accepted, request)
    } finally {
      this.#submitting -= 1
      this.#router.settle(tracker?.promptId, tracker)
    }
    return this.#submitted(tracker)
  }

  /**
   * Takes up a prompt that an earlier process has queued; its end is learnt by asking, as its events go to that
   * process. Undefined if the server does not know it. Throws `server-unreachable`, `server-refused`.
   */
  async resume(
    promptId: string,
    request: Pick<PromptRequest, 'graph' | 'onEvent'>,
  ): Promise<SubmittedPrompt | undefined> {
    const { state } = await readTruth(this.#access, this.#capabilities, promptId)
    if (state === 'unknown') return undefined
    const tracker = this.#track({ promptId, dropped: [], isForeign: true }, request)
    tracker.checkWithin(0)
    return this.#submitted(tracker)
  }

  #track(
    accepted: Accepted & { readonly isForeign?: boolean },
    request: Pick<PromptRequest, 'graph' | 'onEvent'>,
  ): Tracker {
    const tracker = new Tracker(
      {
        access: this.#access,
        capabilities: this.#capabilities,
        records: this.#records,
        pace: { ...defaultPace, ...this.#options.pace },
        replaceSocket: () => this.#socket.replace(),
        isSocketOpen: () => this.#socket.isOpen,
      },
      { ...accepted, graph: request.graph, emit: request.onEvent ?? (() => {}) },
    )
    this.#trackers.add(tracker)
    return tracker
  }

  #submitted(tracker: Tracker): SubmittedPrompt {
    const finished = tracker.finished.finally(() => {
      this.#trackers.delete(tracker)
      this.#router.forget(tracker.promptId)
    })
    return {
      promptId: tracker.promptId,
      finished,
      cancel: async () => {
        await cancelPrompt(this.#access, this.#capabilities, tracker.promptId)
        tracker.cancelled()
      },
    }
  }

  /** Puts a local file on the server, once for each content. Throws `upload-failed`. */
  async upload(request: UploadRequest): Promise<Uploaded> {
    return this.#uploads.get(request, this.#capabilities)
  }

  /**
   * Opens one of the server's files for reading: in its output folder, where that is at hand, unless it must be fetched.
   * Throws `download-failed`.
   */
  async openFile(
    file: ServerFile,
    { mustFetch = false, signal }: { readonly mustFetch?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<OpenedFile> {
    const fetch = async (): Promise<OpenedFile> => openFile(this.#access, file, signal)
    return this.#outputFolder && !mustFetch ? this.#outputFolder.open(file, fetch) : fetch()
  }

  /** A node class of this server, or undefined; asked once. */
  async nodeClass(classType: string): Promise<NodeClass | undefined> {
    return this.#nodeClasses.get(classType)
  }

  /**
   * Asks the server anew what it is. Models and uploaded files count as unknown again: it may have been restarted.
   * Throws `server-unreachable`, `server-refused`, `not-comfyui`.
   */
  async refresh(): Promise<void> {
    this.#capabilities = await probe(this.#access)
    this.#nodeClasses.clear()
    this.#uploads.clear()
    this.#outputFolder?.doubt()
  }

  /**
   * Makes sure that a prompt of ours, which is not followed here, will not run on. Throws `server-stuck` if it goes on
   * running all the same: then nothing else will ever run there (pitfall 43); `server-unreachable`.
   */
  async dropPrompt(promptId: string): Promise<void> {
    await cancelPrompt(this.#access, this.#capabilities, promptId)
    const { state } = await readTruth(this.#access, this.#capabilities, promptId)
    if (state === 'pending' || state === 'running') {
      throw new ComfyRunError('server-stuck', `${this.name} does not stop a job`, {
        hint: 'its worker may be dead: restart it',
      })
    }
  }

  /** Asks the server to unload its models and to free memory, between two prompts (`POST /free`). */
  async freeMemory(): Promise<void> {
    await send(this.#access, 'POST', 'free', { json: { unload_models: true, free_memory: true } })
  }

  /** Closes the socket and the pool. Prompts that are still tracked end as failed; the server goes on with them. */
  async close(): Promise<void> {
    this.#socket.close()
    const error = new ComfyRunError('job-lost', 'the connection was closed before the job ended')
    for (const tracker of this.#trackers) tracker.abandon(error)
    await closeAccess(this.#access)
  }

  #opened(): void {
    this.#router.reset()
    for (const tracker of this.#trackers) tracker.reconnected()
    this.#loss.opened()
  }

  #lost(reason: string): void {
    this.#loss.lost(reason)
    for (const tracker of this.#trackers) tracker.checkWithin(lostPause)
  }
}

/** `extra_data` must be an object, and `client_id` in it makes the server send events and cached outputs. */
function extraData({ uiWorkflow, extraData: more }: PromptRequest): JsonObject {
  return { ...more, ...(uiWorkflow !== undefined && { extra_pnginfo: { workflow: uiWorkflow } }) }
}

/**
 * Connects to a server: asks what it is, and opens the socket. Throws `bad-server-url`, `server-unreachable`,
 * `server-refused`, `not-comfyui`.
 */
export async function connectServer(options: ServerOptions): Promise<ComfyServer> {
  const server = new ComfyServer(openAccess(options), options)
  try {
    await server.open()
    return server
  } catch (error) {
    await server.close()
    throw error
  }
}
