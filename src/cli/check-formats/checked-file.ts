import type { ErrorCode, Where } from '../../errors.ts'
import type { Severity } from '../../workflow/check/finding.ts'
import type { InputRef } from '../../workflow/workflow.ts'

/** Something that is wrong with a workflow file: a finding, or what keeps it from being read. */
export interface Problem {
  readonly code: ErrorCode
  readonly severity: Severity
  readonly message: string
  readonly hint?: string
  readonly details?: readonly string[]
  readonly where: Where
  readonly node?: string
  readonly classType?: string
  readonly title?: string
  readonly input?: string
  readonly related?: readonly InputRef[]
}

/** A workflow file after the check. */
export interface CheckedFile {
  readonly file: string
  readonly problems: readonly Problem[]
}

/** Everything that one `comfy-run check` found out. */
export interface CheckReport {
  readonly files: readonly CheckedFile[]
  /** What the workflows were checked against: a server's address, or a file. */
  readonly against: string
}

/** Writes a report as text that ends with a line break, if there is any. */
export type CheckFormat = (report: CheckReport) => string

/** All problems, in the order of the files. */
export function problemsOf({ files }: CheckReport): Problem[] {
  return files.flatMap(({ problems }) => problems)
}
