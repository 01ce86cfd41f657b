import { asComfyRunError } from '../error-data.ts'
import { redact } from '../secrets.ts'
import { standardStream } from './standard-streams.ts'
import { useColor } from './terminal.ts'

/** Shows an error on stderr. One that is no ComfyRunError is a fault of comfy-run itself, and keeps its stack. */
export async function showError(thrown: unknown): Promise<void> {
  const [{ formatError }, { cleanBlock }] = await Promise.all([
    import('../reporters/error-text.ts'),
    import('../reporters/clean-text.ts'),
  ])
  const error = asComfyRunError(thrown)
  standardStream('stderr').write(`${formatError(error, { color: useColor(process.stderr) })}\n`)
  const { annotateErrors } = await import('./github.ts')
  await annotateErrors([error])
  if (error.code === 'internal' && error.cause instanceof Error) {
    standardStream('stderr').write(
      `${cleanBlock(redact(error.cause.stack ?? ''))}\nThis is a fault of comfy-run itself. Please report it.\n`,
    )
  }
}
