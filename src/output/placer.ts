import { createHash } from 'node:crypto'
import { lstat, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ComfyRunError } from '../errors.ts'
import { sha256OfFile } from '../sha256.ts'
import type { OnExists } from './on-exists.ts'
import { placeFile, type MakeLink } from './place-file.ts'
import { sidecarPath, writeSidecar, type SidecarFile, type SidecarRecord } from './sidecar.ts'

/** A complete file that still has a temporary name, in the folder that it stays in. */
export interface FinishedFile {
  readonly part: string
  /** Its path to be, without extension. */
  readonly stem: string
  readonly extension: string
  readonly bytes: number
  readonly sha256: string
  /** Something is wrong with it: then it replaces no other file, but gets a number. */
  readonly isFaulty?: boolean
  /** If a file of its name has the same bytes, that is it: an earlier run was stopped after it had saved it. */
  readonly mayBeThere?: boolean
  /** What is to stand in its sidecar; without it there is none. */
  readonly record?: SidecarRecord
}

/** Where a file is now. */
export interface PlacedFile {
  readonly path: string
  /** True if an older file has the name, and the new one was not kept. */
  readonly isSkipped: boolean
}

/** Gives the finished files of one run their names. No file that the run itself has saved is ever replaced. */
export class Placer {
  readonly #onExists: OnExists
  readonly #makeLink: MakeLink | undefined
  /** Hashes of the paths that this run may have written; kept only if files are overwritten. */
  readonly #written = new Set<number>()

  constructor(onExists: OnExists = 'number', makeLink?: MakeLink) {
    this.#onExists = onExists
    this.#makeLink = makeLink
  }

  /**
   * Gives a file its name: `stem.extension`, or the first free one of `stem-2.extension`, `stem-3.extension`, ... Its
   * sidecar is there before it. Throws `file-exists`, and what the file system throws.
   */
  async place(file: FinishedFile): Promise<PlacedFile> {
    for (let number = 1; ; number += 1) {
      const stem = number === 1 ? file.stem : `${file.stem}-${number}`
      const path = `${stem}.${file.extension}`
      if (file.mayBeThere && (await isSame(file, path))) {
        await rm(file.part)
        return { path, isSkipped: false }
      }
      if (!this.#claim(path)) continue
      const onTaken = file.isFaulty && this.#onExists === 'overwrite' ? 'number' : this.#onExists
      if (await this.#placeNew(file, stem, path, onTaken)) return { path, isSkipped: false }
      if (onTaken === 'fail') throw taken(path)
      if (onTaken === 'skip') {
        await rm(file.part)
        return { path, isSkipped: true }
      }
      if (onTaken === 'overwrite') {
        await this.#replace(file, stem, path)
        return { path, isSkipped: false }
      }
    }
  }

  /** False if this run has used the path before: then what is there, or will be in a moment, must stay. */
  #claim(path: string): boolean {
    if (this.#onExists !== 'overwrite') return true
    // Some file systems take `Fox` and `fox` for the same. 53 bits are what a number holds exactly.
    const digest = createHash('sha256').update(path.normalize('NFC').toLowerCase()).digest()
    const hash = Number(digest.readBigUInt64BE(0) >> 11n)
    if (this.#written.has(hash)) return false
    this.#written.add(hash)
    return true
  }

  /** False if the name is taken. */
  async #placeNew(file: FinishedFile, stem: string, path: string, onTaken: OnExists): Promise<boolean> {
    if (!file.record) return placeFile(file.part, path, this.#makeLink)
    if (await exists(path)) return false
    const sidecar = sidecarPath(stem, file.extension)
    const mayReplace = onTaken === 'overwrite'
    const written = await writeSidecar(sidecar, sidecarFile(file, path), file.record, { mayReplace })
    if (written === 'taken') {
      if (onTaken === 'number') return false
      // The name itself is free: neither to skip the file nor to replace another one would be right.
      throw taken(sidecar)
    }
    let isPlaced = false
    try {
      isPlaced = await placeFile(file.part, path, this.#makeLink)
    } finally {
      if (!isPlaced) await rm(sidecar, { force: true })
    }
    return isPlaced
  }

  async #replace(file: FinishedFile, stem: string, path: string): Promise<void> {
    if (!file.record) return rename(file.part, path)
    const sidecar = sidecarPath(stem, file.extension)
    const before = await readFile(sidecar).catch(() => undefined)
    const written = await writeSidecar(sidecar, sidecarFile(file, path), file.record, { mayReplace: true })
    if (written === 'taken') throw taken(sidecar)
    try {
      await rename(file.part, path)
    } catch (error) {
      // The old file stays, and with it what was said of it.
      await (before ? writeFile(sidecar, before) : rm(sidecar, { force: true }))
      throw error
    }
  }
}

function sidecarFile({ bytes, sha256 }: FinishedFile, path: string): SidecarFile {
  return { file: basename(path), bytes, sha256 }
}

function taken(path: string): ComfyRunError {
  return new ComfyRunError('file-exists', `there is a file ${path} already; it was left as it is`, {
    hint: 'choose another name with --name, another folder with --out, or --on-exists number',
  })
}

async function isSame({ bytes, sha256 }: FinishedFile, path: string): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined)
  if (!info?.isFile() || info.size !== bytes) return false
  return (await sha256OfFile(path)) === sha256
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
