import { MultiBar } from 'cli-progress'
import type { OutputStream } from './reporter-types.ts'

const wrapOn = '\x1B[?7h'
const wrapOff = '\x1B[?7l'
const clearBelow = '\x1B[J'
const framesPerSecond = 20

/**
 * Draws lines again and again in place, at the bottom of a terminal, with text scrolling by above them. `draw` gives
 * the lines as they are now: always as many, none wider than the terminal.
 */
export class BarsDisplay {
  readonly #stream: OutputStream
  readonly #draw: () => readonly string[]
  readonly #bars: MultiBar
  readonly #closeAtExit = (): void => this.close()
  #lines: readonly string[] = []
  #isOpen = false
  #hasNewText = false
  /** A space or nothing, behind every line; changes with new text: see `log`. */
  #mark = ''

  constructor(stream: OutputStream, draw: () => readonly string[]) {
    this.#stream = stream
    this.#draw = draw
    this.#bars = new MultiBar({
      stream: stream as NodeJS.WriteStream,
      fps: framesPerSecond,
      clearOnComplete: true,
      hideCursor: true,
      linewrap: false,
      // Signals are the run's business.
      gracefulExit: false,
    })
    this.#bars.on('redraw-pre', () => this.#beforeFrame())
  }

  /** Begins to draw. Until then, and once closed, text is written as it comes. */
  open(): void {
    this.#isOpen = true
    // The cursor comes back, also if the process is ended from elsewhere.
    process.once('exit', this.#closeAtExit)
    this.#lines = this.#draw()
    this.#lines.forEach((_, index) => {
      this.#bars.create(1, 0, {}, { format: () => `${this.#lines[index] ?? ''}${this.#mark}` })
    })
  }

  /**
   * Shows text above the bars; it must end with a line break. MultiBar draws a bar again only if its line has changed,
   * but new text moves all of them: the mark makes every line a changed one.
   */
  log(text: string): void {
    if (!this.#isOpen) {
      this.#stream.write(text)
      return
    }
    // The bars are cut at the terminal's edge, but a long path must be whole.
    this.#bars.log(`${wrapOn}${text}${wrapOff}`)
    this.#hasNewText = true
  }

  /** Shows the text that is left, and removes the lines. */
  close(): void {
    if (!this.#isOpen) return
    process.off('exit', this.#closeAtExit)
    // MultiBar would throw away text that it has not shown yet.
    this.#bars.update()
    this.#bars.stop()
    this.#isOpen = false
  }

  #beforeFrame(): void {
    this.#lines = this.#draw()
    if (!this.#hasNewText) return
    this.#hasNewText = false
    this.#mark = this.#mark === '' ? ' ' : ''
    this.#stream.write(clearBelow)
  }
}
