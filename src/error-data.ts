import { ComfyRunError, messageOf } from './errors.ts'
import type { ErrorData } from './events.ts'

/** An error as events carry it. Anything but a ComfyRunError is a fault of ours: `internal`. */
export function errorData(thrown: unknown): ErrorData {
  const error = asComfyRunError(thrown)
  return {
    code: error.code,
    message: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.where && { where: error.where }),
    ...(error.details.length > 0 && { details: error.details }),
  }
}

/** Whatever was thrown, as an error that can be reported. */
export function asComfyRunError(thrown: unknown): ComfyRunError {
  if (thrown instanceof ComfyRunError) return thrown
  return new ComfyRunError('internal', messageOf(thrown), { cause: thrown })
}
