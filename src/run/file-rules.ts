import type { Expectation } from '../expectations.ts'
import { checkGoldens } from '../output/expect.ts'
import type { OnExists } from '../output/on-exists.ts'
import { Placer } from '../output/placer.ts'
import { defaultMaxFileSize } from './file-defaults.ts'

export { checkGoldens } from '../output/expect.ts'

/** What becomes of the files of a run. */
export interface FileRules {
  /** Gives them their names. */
  readonly placer: Placer
  /** Whether each output gets a sidecar. */
  readonly sidecar: boolean
  /** What the outputs of every job must be, unless its own row wants something else. */
  readonly expect: readonly Expectation[]
  /** The largest file that is taken from a server, in bytes. A job's files together may be ten times as large. */
  readonly maxFileSize: number
}

/**
 * The rules for the files of one run: each run needs its own, as no file that a run has saved is ever replaced by it.
 * Defaults: names that are taken are numbered, no sidecars, no checks, files of up
 * to 1 GB. Throws `file-not-found`, `not-an-image` for an
 * image that outputs are to be compared with.
 */
export async function fileRules(
  options: {
    readonly onExists?: OnExists
    readonly sidecar?: boolean
    readonly expect?: readonly Expectation[]
    readonly maxFileSize?: number
  } = {},
): Promise<FileRules> {
  const { onExists, sidecar = false, expect = [], maxFileSize = defaultMaxFileSize } = options
  await checkGoldens(expect)
  return { placer: new Placer(onExists), sidecar, expect, maxFileSize }
}
