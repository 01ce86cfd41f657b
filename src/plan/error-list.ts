import type { ComfyRunError } from '../errors.ts'

/** After so many errors a walk ends: nobody reads more at once. */
export const mostErrors = 50

/** Says of two errors whether they are one: then they have the same text. */
export type ErrorIdentity = (error: ComfyRunError) => string

/** The same in another place is another error; but one in a key or a column's name returns with every row. */
export const placedIdentity: ErrorIdentity = ({ code, message, where }) => {
  const isOfKey = code.endsWith('-address') || code.endsWith('-role')
  return JSON.stringify([code, message, !isOfKey && [where?.line, where?.column]])
}

/** The errors that a walk over a plan finds: each once, at its first place, and at most `mostErrors`. */
export class ErrorList {
  readonly list: ComfyRunError[] = []
  readonly #identityOf: ErrorIdentity
  readonly #seen = new Set<string>()

  constructor(identityOf: ErrorIdentity) {
    this.#identityOf = identityOf
  }

  get isFull(): boolean {
    return this.list.length >= mostErrors
  }

  add(error: ComfyRunError): void {
    const identity = this.#identityOf(error)
    if (this.#seen.has(identity) || this.isFull) return
    this.#seen.add(identity)
    this.list.push(error)
  }
}
