import { setMaxListeners } from 'node:events'
import type { connectServer, ComfyServer, ServerOptions } from '../../comfy/server.ts'
import { isUnreachable } from '../../comfy/unreachable.ts'
import { asComfyRunError } from '../../error-data.ts'
import { ComfyRunError } from '../../errors.ts'
import type { EventSink } from '../../events.ts'
import { redact } from '../../secrets.ts'

/** Milliseconds until the first look whether a server is back; each further wait is twice as long. */
const firstWait = 250
const longestWait = 15_000
/** The first wait of a server that answers, but has trouble with its jobs. */
const restWait = 5000

/** What a server of a pool needs of the pool. */
export interface PresenceContext {
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
export type PresenceState = 'connecting' | 'ready' | 'away' | 'gone'

/** Whether a server of a pool is there: connects to it, notices when it goes away, and when it is back. */
export class Presence {
  readonly #name: string
  readonly #options: ServerOptions
  readonly #context: PresenceContext
  readonly #closing = new AbortController()
  #server: ComfyServer | undefined
  #state: PresenceState = 'connecting'
  #error: ComfyRunError | undefined
  #awaySince = 0
  #isDoubted = false
  #left = makeController()
  #returns = 0
  /** Prompts that it may still have, whose jobs went elsewhere. */
  readonly orphans = new Set<string>()

  constructor(name: string, options: ServerOptions, context: PresenceContext) {
    this.#name = name
    this.#options = options
    this.#context = context
  }

  get state(): PresenceState {
    return this.#state
  }

  /** Undefined until it has connected once. */
  get server(): ComfyServer | undefined {
    return this.#server
  }

  /** Why it is away or gone. */
  get error(): ComfyRunError | undefined {
    return this.#error
  }

  /** When it went away, by `performance.now()`. */
  get awaySince(): number {
    return this.#awaySince
  }

  /** How often it has come back. */
  get returns(): number {
    return this.#returns
  }

  /** Aborted when the server gets no more jobs, though it answers: what still waits there is better taken back. */
  get left(): AbortSignal {
    return this.#left.signal
  }

  /** Connects. Resolves when the first attempt is decided; after a failure that may pass it goes on trying. */
  async open(): Promise<void> {
    try {
      await this.#connect()
    } catch (thrown) {
      this.#leave(asComfyRunError(thrown), firstWait)
    }
  }

  /** Something says that the server is out of reach: it is asked, and gets no more jobs if it does not answer. */
  async doubt(): Promise<void> {
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

  /** The server has trouble with its jobs: it gets none for a while. */
  rest(error: ComfyRunError): void {
    this.#leave(error, restWait)
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#state = 'gone'
    await this.#server?.close()
  }

  async #connect(): Promise<void> {
    const { sink, connect, onChange } = this.#context
    const server = await connect({
      ...this.#options,
      onLost: (reason) => {
        sink({ type: 'server-lost', server: this.#name, reason })
        void this.doubt()
      },
      onRecovered: () => sink({ type: 'server-recovered', server: this.#name }),
      onFolderRefuted: (message) => sink({ type: 'server-warning', server: this.#name, message }),
      onUploaded: (file, { name, bytes }) =>
        sink({ type: 'file-uploaded', server: this.#name, file, name: redact(name), bytes }),
    })
    if (this.#closing.signal.aborted) return server.close()
    this.#server = server
    const { version: comfyui, rehearsal } = server.capabilities
    this.#state = 'ready'
    sink({
      type: 'server-connected',
      server: this.#name,
      ...(comfyui !== undefined && { comfyui }),
      rehearsal,
    })
    onChange()
  }

  #leave(error: ComfyRunError, wait: number): void {
    if (this.#state === 'gone' || this.#state === 'away') return
    this.#error = error
    this.#awaySince = performance.now()
    // Wrong credentials, or something that is not ComfyUI, do not mend themselves.
    this.#state = error.code === 'server-refused' || error.code === 'not-comfyui' ? 'gone' : 'away'
    if (!this.#context.isAlone) {
      this.#context.sink({ type: 'server-left', server: this.#name, reason: error.message })
    }
    if (!isUnreachable(error)) {
      const reason = `the job was taken back from ${this.#name}, which has trouble`
      this.#left.abort(new ComfyRunError('job-lost', reason))
    }
    this.#context.onChange()
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
    await this.#stopOrphans(server)
    if (this.#closing.signal.aborted) return
    this.#state = 'ready'
    this.#returns += 1
    this.#left = makeController()
    if (!this.#context.isAlone) this.#context.sink({ type: 'server-returned', server: this.#name })
    this.#context.onChange()
  }

  /** Prompts whose jobs were given to others must not run here as well. Throws if one can't be stopped. */
  async #stopOrphans(server: ComfyServer): Promise<void> {
    for (const promptId of this.orphans) {
      await server.dropPrompt(promptId)
      this.orphans.delete(promptId)
    }
  }
}

/** Each job on the server listens to it: that many listeners are no leak. */
function makeController(): AbortController {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  return controller
}
