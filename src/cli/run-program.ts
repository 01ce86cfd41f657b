import { CommanderError } from 'commander'
import { asComfyRunError } from '../error-data.ts'
import { endQuietlyOnBrokenPipe } from './broken-pipe.ts'
import { buildProgram } from './program.ts'
import { hideSecretArguments } from './process-title.ts'
import { showError } from './show-error.ts'

/** Runs the command that the arguments name. Resolves to the exit code; never throws. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  hideSecretArguments(argv)
  endQuietlyOnBrokenPipe()
  let exitCode = 0
  const program = buildProgram((code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv)
    return exitCode
  } catch (thrown) {
    // Help and version also come as an error, with exit code 0; everything else is a wrong use.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
    await showError(thrown)
    return asComfyRunError(thrown).exitCode
  }
}
