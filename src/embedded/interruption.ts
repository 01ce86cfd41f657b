import { setTimeout as sleep } from 'node:timers/promises'
import { Interrupted } from './node.ts'

/** Whether the running prompt was stopped; made anew for each prompt. */
export class Interruption {
  readonly #controller = new AbortController()

  request(): void {
    this.#controller.abort()
  }

  /** Throws `Interrupted` if the prompt was stopped. */
  check(): void {
    if (this.#controller.signal.aborted) throw new Interrupted('interrupted')
  }

  /** Waits so many milliseconds; throws `Interrupted` as soon as the prompt is stopped. */
  async wait(milliseconds: number): Promise<void> {
    if (milliseconds > 0) {
      await sleep(milliseconds, undefined, { signal: this.#controller.signal }).catch(() => {})
    }
    this.check()
  }

  /** Waits for `work`, but no longer than until the prompt is stopped; then throws `Interrupted`. */
  async during(work: Promise<void> | void): Promise<void> {
    const { signal } = this.#controller
    if (work !== undefined && !signal.aborted) {
      let stop = (): void => {}
      const stopped = new Promise<void>((resolve) => {
        stop = resolve
      })
      signal.addEventListener('abort', stop, { once: true })
      try {
        await Promise.race([work, stopped])
      } finally {
        signal.removeEventListener('abort', stop)
      }
    }
    this.check()
  }
}
