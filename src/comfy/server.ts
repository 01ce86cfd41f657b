import { ComfyRunError } from '../errors.ts'
import type { NodeClass } from '../protocol/object-info.ts'
import type { ServerFile } from '../protocol/outputs.ts'
import type { Access, AccessOptions } from './access.ts'
import { isOwnMachine } from './address.ts'
import { cancelPrompt } from './cancel.ts'
import { capabilitiesOf, probe, type Capabilities } from './capabilities.ts'
import { Connection } from './connection.ts'
import { openFile, type FetchedFile, type OpenedFile } from './download.ts'
import type { EarlyConnection } from './early-connection.ts'
import { FolderFinder } from './folder-finder.ts'
import { send } from './http.ts'
import { Loss, type LossListener } from './loss.ts'
import { NodeClassCache } from './node-class-cache.ts'
import { OutputFolder, type LocalFiles } from './output-folder.ts'
import { Prompts, type PromptRequest, type SubmittedPrompt } from './prompts.ts'
import type { Pace } from './tracker.ts'
import { readTruth } from './truth.ts'
import { isUnreachable } from './unreachable.ts'
import type { Uploaded, UploadRequest } from './upload.ts'
import { Uploads, type UploadListener } from './uploads.ts'

export interface ServerOptions extends AccessOptions, LossListener, UploadListener {
  readonly pace?: Partial<Pace>
  /**
   * Whether more prompts may be submitted than were by now. How the last ones ended is then read together with how these
   * did, up to 100 ms later. Default: no.
   */
  readonly hasMore?: () => boolean
  /**
   * The server's output folder as this machine has it: files are read there, if it turns out to be that folder. False: files
   * are fetched. Default: it is looked for if the server is on this machine.
   */
  readonly outputFolder?: string | false
  /** Told if it is not. */
  readonly onFolderRefuted?: (reason: string) => void
  /** A connection to this server that was begun before: it is used if nobody else has. Default: one is begun. */
  readonly early?: Pick<EarlyConnection, 'take'>
}

export interface OpenOptions {
  /** It is not taken from a disk of this machine. Default false. */
  readonly mustFetch?: boolean
  /** It lies in a folder that was named for this run: where there is such a file, there is the server's disk. Default false. */
  readonly isOfRun?: boolean
  readonly signal?: AbortSignal
}

const defaultPace: Pace = { beat: 5000, patience: 60_000 }

/** One ComfyUI server: a keep-alive pool, one socket, and the prompts that run there. */
export class ComfyServer {
  /** Those of the oldest server, until it was asked. */
  #capabilities = capabilitiesOf({}, undefined)
  readonly #access: Access
  readonly #prompts: Prompts
  readonly #connection: Connection
  readonly #loss: Loss
  readonly #uploads: Uploads
  readonly #local: LocalFiles | undefined
  readonly #nodeClasses: NodeClassCache

  /** Use `connectServer`. */
  constructor(connection: Connection, options: ServerOptions) {
    const { access, clientId, socket } = connection
    this.#connection = connection
    this.#access = access
    this.#loss = new Loss(options)
    this.#nodeClasses = new NodeClassCache(access)
    this.#uploads = new Uploads(access, options)
    this.#local = localFilesOf(access, options)
    this.#prompts = new Prompts({
      access,
      clientId,
      capabilities: () => this.#capabilities,
      pace: { ...defaultPace, ...options.pace },
      hasMore: options.hasMore,
      replaceSocket: () => socket.replace(),
      isSocketOpen: () => socket.isOpen,
    })
    connection.listen({
      message: (message) => this.#prompts.message(message),
      frame: (frame) => this.#prompts.frame(frame),
      opened: () => {
        this.#prompts.socketOpened()
        this.#loss.opened()
      },
      lost: (reason) => {
        this.#loss.lost(reason)
        this.#prompts.socketLost()
      },
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
   * Waits for the connection: for what the server is, and for the socket. Without one, prompts are followed by asking. Throws
   * `server-unreachable`, `server-refused`, `not-comfyui`.
   */
  async open(): Promise<void> {
    this.#capabilities = await this.#connection.opened()
    this.#loss.serverIsThere()
  }

  /**
   * Queues a prompt. Throws `workflow-rejected` and its kin if the server refuses it, `server-unreachable`,
   * `server-refused`.
   */
  async submit(request: PromptRequest): Promise<SubmittedPrompt> {
    return this.#prompts.submit(request)
  }

  /**
   * Takes up a prompt that an earlier process has queued; its end is learnt by asking, as its events go to that
   * process. Undefined if the server does not know it. Throws `server-unreachable`, `server-refused`.
   */
  async resume(
    promptId: string,
    request: Pick<PromptRequest, 'graph' | 'onEvent'>,
  ): Promise<SubmittedPrompt | undefined> {
    return this.#prompts.resume(promptId, request)
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
    { mustFetch = false, isOfRun = false, signal }: OpenOptions = {},
  ): Promise<OpenedFile> {
    const fetch = async (): Promise<FetchedFile> => openFile(this.#access, file, signal)
    return this.#local && !mustFetch ? this.#local.open(file, fetch, isOfRun) : fetch()
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
    this.#local?.doubt()
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
    this.#prompts.abandon()
    await this.#connection.close()
  }
}

/**
 * Connects to a server: asks what it is, and opens the socket. Throws `bad-server-url`, `server-unreachable`,
 * `server-refused`, `not-comfyui`.
 */
export async function connectServer(options: ServerOptions): Promise<ComfyServer> {
  const early = options.early?.take()
  if (early) {
    try {
      return await connectBy(early, options)
    } catch (error) {
      // It may have come since.
      if (!isUnreachable(error)) throw error
    }
  }
  return connectBy(new Connection(options), options)
}

async function connectBy(connection: Connection, options: ServerOptions): Promise<ComfyServer> {
  const server = new ComfyServer(connection, options)
  try {
    await server.open()
    return server
  } catch (error) {
    await server.close()
    throw error
  }
}

function localFilesOf(access: Access, options: ServerOptions): LocalFiles | undefined {
  const { outputFolder, onFolderRefuted = () => {} } = options
  if (outputFolder === false) return undefined
  if (outputFolder !== undefined) return new OutputFolder(outputFolder, onFolderRefuted)
  return isOwnMachine(access.address.base) ? new FolderFinder(access) : undefined
}
