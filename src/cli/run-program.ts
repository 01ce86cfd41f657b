import { CommanderError } from 'commander'
import { asComfyRunError } from '../error-data.ts'
import { buildProgram } from './program.ts'
import { useColor } from './terminal.ts'

/** Runs the command that the arguments name. Resolves to the exit code; never throws. */
export async function runProgram(argv: readonly string[]): Promise<number> {
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

async function showError(thrown: unknown): Promise<void> {
  const { formatError } = await import('../reporters/error-text.ts')
  const error = asComfyRunError(thrown)
  process.stderr.write(`${formatError(error, { color: useColor(process.stderr) })}\n`)
  const { annotateErrors } = await import('./github.ts')
  await annotateErrors([error])
  if (error.code === 'internal' && error.cause instanceof Error) {
    process.stderr.write(`${error.cause.stack}\nThis is a fault of comfy-run itself. Please report it.\n`)
  }
}

/** `| head` closes the pipe early; that ends the program without a stack trace. */
function endQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(141)
      throw error
    })
  }
}
