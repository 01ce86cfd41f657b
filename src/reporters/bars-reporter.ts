import { performance } from 'node:perf_hooks'
import { Chalk } from 'chalk'
import { MultiBar } from 'cli-progress'
import type { RunEvent } from '../events.ts'
import { frame } from './bars-frame.ts'
import { News } from './news.ts'
import { Progress } from './progress.ts'
import type { OutputStream, Reporter, ReporterOptions } from './reporter-types.ts'
import { resultText } from './results.ts'

/** For a terminal: bars that move at the bottom, and above them what there is to read. */
export function createBarsReporter({
  stdout,
  stderr,
  color,
  now = () => performance.now(),
}: ReporterOptions): Reporter {
  const paint = new Chalk({ level: color ? 1 : 0 })
  const news = new News(color)
  const progress = new Progress()
  const display = new BarsDisplay(stderr, () =>
    frame(progress, { now: now(), columns: stderr.columns ?? 80, paint }),
  )
  // Two terminals at once are not told apart: then the paths still come, on stderr's.
  const isSameTerminal = stdout.isTTY === true && stderr.isTTY === true

  function showResult(event: RunEvent): void {
    const result = resultText(event)
    if (result === undefined) return
    if (isSameTerminal) display.log(result)
    else stdout.write(result)
  }

  return {
    sink(event) {
      progress.apply(event, now())
      if (event.type === 'run-started') display.open()
      showResult(event)
      for (const line of news.tell(event)) display.log(`${line}\n`)
    },
    close() {
      display.close()
    },
  }
}

const wrapOn = '\x1B[?7h'
const wrapOff = '\x1B[?7l'
const clearBelow = '\x1B[J'
const framesPerSecond = 20

/** Draws a frame again and again in place, with lines of text scrolling by above it. */
class BarsDisplay {
  readonly #stream: OutputStream
  readonly #draw: () => readonly string[]
  readonly #bars: MultiBar
  readonly #closeAtExit = (): void => this.close()
  #lines: readonly string[] = []
  #isOpen = false
  #hasNewText = false
  /** A space behind every line after new text, none after the next: see `log`. */
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
