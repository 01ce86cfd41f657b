import { ComfyRunError } from '../errors.ts'
import { mostErrors } from '../plan/check.ts'
import { hashInputFile } from '../plan/input-files.ts'
import type { Job } from '../plan/job.ts'
import { faultsExitCode, showFaults, type CheckedPlan } from './checked-plan.ts'
import { readSavedPlan } from './saved-plan.ts'

/**
 * Walks a saved plan before anything is queued, and shows which of its files are gone or not what they were. Resolves to
 * the number of jobs, or to an exit code if there are such. Throws what `readSavedPlan` throws.
 */
export async function checkedSavedPlan(file: string): Promise<CheckedPlan> {
  const errors: ComfyRunError[] = []
  let jobs = 0
  for await (const job of readSavedPlan(file)) {
    jobs += 1
    try {
      await checkFiles(job)
    } catch (error) {
      if (!(error instanceof ComfyRunError)) throw error
      errors.push(job.origin ? error.at(job.origin) : error)
      if (errors.length === mostErrors) break
    }
  }
  return (await showFaults(errors)) ? { exitCode: faultsExitCode(errors) } : { jobs }
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
