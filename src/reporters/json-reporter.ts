import { stringifyJson } from '../protocol/json.ts'
import { News } from './news.ts'
import type { Reporter, ReporterOptions } from './reporter-types.ts'

/** Every event as one line of JSON on stdout; errors for people on stderr. */
export function createJsonReporter({ stdout, stderr, color }: ReporterOptions): Reporter {
  const news = new News(color)
  return {
    sink(event) {
      stdout.write(`${withoutControls(stringifyJson(event))}\n`)
      for (const line of news.tellErrors(event)) stderr.write(`${line}\n`)
    },
    close() {},
  }
}

/** JSON escapes most control characters, but not these; some terminals obey them, and some readers split lines at them. */
function withoutControls(json: string): string {
  return json.replaceAll(/[\x7F-\x9F\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
