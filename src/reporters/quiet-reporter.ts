import { News } from './news.ts'
import type { Reporter, ReporterOptions } from './reporter-types.ts'
import { resultText } from './results.ts'

/** Results on stdout, errors on stderr, nothing else. */
export function createQuietReporter({ stdout, stderr, color }: ReporterOptions): Reporter {
  const news = new News(color)
  return {
    sink(event) {
      const result = resultText(event)
      if (result !== undefined) stdout.write(result)
      for (const line of news.tellErrors(event)) stderr.write(`${line}\n`)
    },
    close() {},
  }
}
