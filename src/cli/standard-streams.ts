import { cleanJson, withoutCommands } from '../reporters/clean-text.ts'
import type { OutputStream } from '../reporters/reporter-types.ts'
import { isOnGithub } from './github.ts'

/** `process.stdout`, or `process.stderr`; on GitHub Actions, which reads both, nothing in the text is a command. */
export function standardStream(name: 'stdout' | 'stderr'): OutputStream {
  const stream = process[name]
  return isOnGithub() ? { write: (text) => stream.write(withoutCommands(text)) } : stream
}

/** Puts out JSON, with a line break behind it, in which nothing acts on a terminal or a log. */
export function writeJson(json: string): void {
  process.stdout.write(`${cleanJson(json)}\n`)
}
