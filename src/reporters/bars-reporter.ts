import { performance } from 'node:perf_hooks'
import { Chalk } from 'chalk'
import type { RunEvent } from '../events.ts'
import { BarsDisplay } from './bars-display.ts'
import { frame } from './bars-frame.ts'
import { News } from './news.ts'
import { Progress } from './progress.ts'
import type { Reporter, ReporterOptions } from './reporter-types.ts'
import { Results } from './results.ts'

/** For a terminal: bars that move at the bottom, and above them what there is to read. */
export function createBarsReporter({
  stdout,
  stderr,
  color,
  print,
  now = () => performance.now(),
}: ReporterOptions): Reporter {
  const paint = new Chalk({ level: color ? 1 : 0 })
  const news = new News(color)
  const results = new Results(print)
  const progress = new Progress()
  const display = new BarsDisplay(stderr, () =>
    frame(progress, { now: now(), columns: stderr.columns ?? 80, paint }),
  )
  // Two terminals at once are not told apart: then the paths still come, on stderr's.
  const isSameTerminal = stdout.isTTY === true && stderr.isTTY === true

  function showResult(event: RunEvent): void {
    const result = results.tell(event)
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
