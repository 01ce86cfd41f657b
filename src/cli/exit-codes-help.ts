import { errorCodes } from '../errors.ts'

const meanings: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'every expected file is on disk'],
  ['1', 'the job failed, or all jobs did'],
  ['2', 'wrong use: an option, a file or a row; nothing was queued'],
  ['3', 'some jobs failed, others are done'],
  ['4', 'no server could be reached, or it refused us'],
  ['5', 'the server refused the workflow'],
  ['6', 'an output check failed'],
  ['7', 'stopped early by a limit; work is left'],
  ['130', 'stopped by Ctrl-C (SIGINT)'],
  ['143', 'stopped by SIGTERM'],
]

/** The text of `comfy-run help exit-codes`. */
export function exitCodesHelp(): string {
  const lines = meanings.map(([code, meaning]) => {
    const errors = Object.entries(errorCodes)
      .filter(([, exitCode]) => String(exitCode) === code)
      .map(([error]) => error)
    return `${code.padStart(5)}  ${meaning}${errors.length > 0 ? `\n       [${errors.join('] [')}]` : ''}`
  })
  return `Exit codes of comfy-run, and the errors that lead to them:\n\n${lines.join('\n')}\n\nAny other code but 0 is a failure, too.\n`
}
