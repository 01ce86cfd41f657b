import type { ComfyRunError, Where } from '../errors.ts'
import type { DuplicateRow, PlanCheck } from '../plan/check.ts'
import type { JobGraphCheck } from '../plan/job-graph-check.ts'
import type { PlanOptions } from '../plan/jobs.ts'
import { cleanLine } from '../reporters/clean-text.ts'
import { annotateErrors } from './github.ts'
import { standardStream } from './standard-streams.ts'
import { useColor } from './terminal.ts'

/** How many jobs a plan has, or the exit code that its faults lead to. */
export type CheckedPlan = { readonly jobs: number } | { readonly exitCode: number }

/**
 * Walks the whole plan before anything is queued, and shows every fault in it. `graphs` checks the graphs against the
 * servers of the run.
 */
export async function checkedPlan(
  plan: PlanOptions,
  graphs?: JobGraphCheck,
): Promise<PlanCheck | { readonly exitCode: number }> {
  const { checkPlan } = await import('../plan/check.ts')
  const checked = await checkPlan(plan, graphs)
  const { errors, duplicates, warnings } = checked
  if (await showFaults(errors, { isCounted: plan.rows !== undefined || errors.length > 1 })) {
    return { exitCode: faultsExitCode(errors) }
  }
  await showWarnings(warnings)
  if (duplicates.length > 0)
    standardStream('stderr').write(`warning: ${cleanLine(duplicateText(duplicates))}\n`)
  return checked
}

/** 5 if all that is wrong is what the server would refuse; 2 if the plan itself is wrong. */
export function faultsExitCode(errors: readonly ComfyRunError[]): number {
  return errors.every(({ exitCode }) => exitCode === 5) ? 5 : 2
}

/** Shows what is wrong with a plan, and with `isCounted` (the default) how much. False if nothing is. */
export async function showFaults(
  errors: readonly ComfyRunError[],
  { isCounted = true }: { readonly isCounted?: boolean } = {},
): Promise<boolean> {
  if (errors.length === 0) return false
  const { formatError } = await import('../reporters/error-text.ts')
  const color = useColor(process.stderr)
  for (const error of errors) standardStream('stderr').write(`${formatError(error, { color })}\n`)
  await annotateErrors(errors)
  const faults = errors.length === 1 ? 'one fault' : `${errors.length} faults`
  if (isCounted) process.stderr.write(`${faults}; nothing was queued\n`)
  return true
}

/** Shows what a server would ignore, or take for something else. */
export async function showWarnings(warnings: readonly ComfyRunError[]): Promise<void> {
  if (warnings.length === 0) return
  const { formatError } = await import('../reporters/error-text.ts')
  const options = { color: useColor(process.stderr), severity: 'warning' } as const
  const stderr = standardStream('stderr')
  for (const warning of warnings) stderr.write(`${formatError(warning, options)}\n`)
}

function duplicateText(duplicates: readonly DuplicateRow[]): string {
  const [first] = duplicates
  const example = first ? `${placeText(first.row)} asks for the same as ${placeText(first.of)}` : ''
  const more = duplicates.length > 1 ? `, and ${duplicates.length - 1} more like that` : ''
  return `${example}${more}: ComfyUI makes nothing new for a graph that it has just run`
}

function placeText({ file, line, label }: Where): string {
  return [line === undefined ? file : `${file}:${line}`, label].filter(Boolean).join(' ')
}
