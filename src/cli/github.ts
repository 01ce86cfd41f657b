import { appendFileSync } from 'node:fs'
import { asComfyRunError } from '../error-data.ts'
import { messageOf } from '../errors.ts'
import type { Reporter } from '../reporters/reporter-types.ts'

/** Whether what is written to the log is read by GitHub Actions. */
export function isOnGithub(env: NodeJS.ProcessEnv = process.env): boolean {
  return env['GITHUB_ACTIONS'] === 'true'
}

/** What shows a run on GitHub's pages; undefined elsewhere. */
export async function githubReporter(): Promise<Reporter | undefined> {
  const summaryFile = process.env['GITHUB_STEP_SUMMARY']
  if (!isOnGithub() && !summaryFile) return undefined
  const { createGithubReporter } = await import('../reporters/github-reporter.ts')
  return createGithubReporter({
    ...(isOnGithub() && { log: process.stderr }),
    workspace: process.env['GITHUB_WORKSPACE'],
    ...(summaryFile && { saveSummary: (markdown: string) => append(summaryFile, markdown) }),
  })
}

/** Annotates errors that kept a run from beginning. Does nothing but on GitHub Actions. */
export async function annotateErrors(errors: readonly unknown[]): Promise<void> {
  if (!isOnGithub()) return
  const { errorAnnotation, mostAnnotations } = await import('../reporters/annotations.ts')
  for (const error of errors.slice(0, mostAnnotations)) {
    const line = errorAnnotation(asComfyRunError(error), process.env['GITHUB_WORKSPACE'])
    process.stderr.write(`${line}\n`)
  }
}

/** A summary that can't be written is no reason to fail: the images are there. */
function append(file: string, text: string): void {
  try {
    appendFileSync(file, text)
  } catch (error) {
    process.stderr.write(`warning: the job summary can't be written: ${messageOf(error)}\n`)
  }
}
