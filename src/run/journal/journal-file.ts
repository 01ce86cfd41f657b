import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { ComfyRunError, messageOf } from '../../errors.ts'

/** Between two writes, in milliseconds. Each waits for the disk, which costs more than the lines: they share it. */
const gathering = 2

/**
 * On Linux each write waits for the disk by itself. Elsewhere that is asked for after it: macOS means less by this flag, and
 * Windows has none.
 */
const isSynchronous = process.platform === 'linux'
const { O_APPEND, O_CREAT, O_DSYNC, O_RDWR } = constants
const flags = isSynchronous ? O_APPEND | O_CREAT | O_RDWR | O_DSYNC : 'a+'

interface Waiting {
  readonly line: string
  readonly settle: (error?: unknown) => void
}

/**
 * A file that lines are added to, durably: a line that was waited for survives `kill -9` and a power cut. Lines
 * that come in quick succession are written together; the first is written at once.
 */
export class JournalFile {
  readonly #file: FileHandle
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** Opens the file, or makes it. A torn last line, left by a crash, is closed so that the next stands alone. */
  static async open(path: string): Promise<JournalFile> {
    const file = await open(path, flags)
    const { size } = await file.stat()
    if (size > 0) {
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
      if (buffer[0] !== 0x0a) await file.appendFile('\n')
    }
    return new JournalFile(file)
  }

  /** Adds a line; resolves when it is on the disk. */
  async add(line: string): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      const settle = (error?: unknown): void => (error === undefined ? resolve() : reject(error))
      this.#waiting.push({ line, settle })
    })
    this.#writing ??= this.#write()
    return written
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      await Promise.all([this.#store(batch), delay(gathering)])
    }
    this.#writing = undefined
  }

  async #store(batch: readonly Waiting[]): Promise<void> {
    let failure: unknown
    try {
      await this.#file.appendFile(batch.map(({ line }) => `${line}\n`).join(''))
      // One wait less: what comes back from another thread waits for its turn here.
      if (!isSynchronous) await this.#file.datasync()
    } catch (error) {
      failure = new ComfyRunError('disk-failed', `the journal can't be written: ${messageOf(error)}`, {
        cause: error,
        hint: 'the run is stopped, as it could not be gone on with; make room, and run the command again',
      })
    }
    for (const { settle } of batch) settle(failure)
  }

  /** Writes what is left, and closes. */
  async close(): Promise<void> {
    await this.#writing
    await this.#file.close()
  }
}
