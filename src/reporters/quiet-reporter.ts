import { News } from './news.ts'
import type { Reporter, ReporterOptions } from './reporter-types.ts'
import { Results } from './results.ts'

/** Results on stdout, errors on stderr, nothing else. */
export function createQuietReporter({ stdout, stderr, color, print }: ReporterOptions): Reporter {
  const news = new News(color)
  const results = new Results(print)
  return {
    sink(event) {
      const result = results.tell(event)
      if (result !== undefined) stdout.write(result)
      for (const line of news.tellErrors(event)) stderr.write(`${line}\n`)
    },
    close() {},
  }
}
