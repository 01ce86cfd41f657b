import type { Step } from '../../../src/embedded/node-context.ts'

/** Holds a run after each step, so that what a recording did in the middle of a run happens in the middle here. */
export class Gate {
  #held: (() => void) | undefined

  /** To be given to the server as `onStep`. */
  readonly onStep = async (_step: Step): Promise<void> =>
    new Promise((resolve) => {
      this.#held = resolve
    })

  /** Lets the run go on to its next step. */
  release(): void {
    this.#held?.()
    this.#held = undefined
  }

  get isHeld(): boolean {
    return this.#held !== undefined
  }
}
