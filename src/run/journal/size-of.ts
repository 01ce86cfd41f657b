import { statSync } from 'node:fs'

/**
 * The size of a file in bytes; undefined if there is none. Asked for at once: waiting for it would take this thread ten times
 * as long as the disk.
 */
export function sizeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size
  } catch {
    return undefined
  }
}
