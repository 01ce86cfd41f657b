import { stringifyJson } from '../protocol/json.ts'
import { cleanJson } from './clean-text.ts'
import { News } from './news.ts'
import type { Reporter, ReporterOptions } from './reporter-types.ts'

/** Every event as one line of JSON on stdout; errors for people on stderr. */
export function createJsonReporter({ stdout, stderr, color }: ReporterOptions): Reporter {
  const news = new News(color)
  return {
    sink(event) {
      stdout.write(`${cleanJson(stringifyJson(event))}\n`)
      for (const line of news.tellErrors(event)) stderr.write(`${line}\n`)
    },
    close() {},
  }
}
