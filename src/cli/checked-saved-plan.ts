import { ComfyRunError } from '../errors.ts'
import { ErrorList } from '../plan/error-list.ts'
import { hashInputFile } from '../plan/input-files.ts'
import type { JobGraphCheck } from '../plan/job-graph-check.ts'
import type { Job } from '../plan/job.ts'
import { findingError } from '../workflow/check/finding.ts'
import { faultsExitCode, showFaults, showWarnings, type CheckedPlan } from './checked-plan.ts'
import { readSavedPlan } from './saved-plan.ts'

/**
 * Walks a saved plan before anything is queued, and shows which of its files are gone or not what they were, and what the
 * servers of this run would refuse of its graphs: they may be others than when it was made. Resolves to the number of jobs,
 * or to an exit code if there are such. Throws what `readSavedPlan` throws.
 */
export async function checkedSavedPlan(file: string, graphs: JobGraphCheck): Promise<CheckedPlan> {
  // What is wrong with one job is wrong with most: it is told at the first of them.
  const byText = ({ message }: ComfyRunError): string => message
  const errors = new ErrorList(byText)
  const warnings = new ErrorList(byText)
  let jobs = 0
  for await (const job of readSavedPlan(file)) {
    jobs += 1
    const where = job.origin ?? { file }
    await checkFiles(job).catch((error: unknown) => {
      if (!(error instanceof ComfyRunError)) throw error
      errors.add(error.at(where))
    })
    for (const finding of await graphs.findings(job))
      (finding.severity === 'error' ? errors : warnings).add(findingError(finding, where))
    if (errors.isFull) break
  }
  if (await showFaults(errors.list)) return { exitCode: faultsExitCode(errors.list) }
  await showWarnings(warnings.list)
  return { jobs }
}

async function checkFiles({ uploads, expect = [] }: Job): Promise<void> {
  for (const { file, hash } of uploads) {
    if ((await hashInputFile(file, false)) === hash) continue
    throw new ComfyRunError('file-changed', `${file} is not what it was when the plan was made`, {
      hint: 'bring the file back, or make a new plan',
    })
  }
  for (const expectation of expect)
    if (expectation.check === 'similar') await hashInputFile(expectation.file, true)
}
