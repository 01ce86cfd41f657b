import { fileURLToPath } from 'node:url'
import type { Workflow } from '../workflow/workflow.ts'

/** The workflows that come with comfy-run, by the job that they do. */
export type DefaultWorkflow = 'txt2img' | 'img2img' | 'inpaint'

/** Loads the user's workflow, or the one of ours that does the job. Throws as `loadWorkflow`. */
export async function workflowFor(file: string | undefined, fallback: DefaultWorkflow): Promise<Workflow> {
  const { loadWorkflow } = await import('../workflow/load.ts')
  if (file !== undefined) return loadWorkflow(file)
  const ours = await loadWorkflow(fileURLToPath(new URL(`../../workflows/${fallback}.json`, import.meta.url)))
  // Where it was installed is of no interest in messages.
  return { ...ours, source: fallback }
}
