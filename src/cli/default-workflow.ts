import { libraryWorkflow } from '../workflow/library.ts'
import { loadWorkflow } from '../workflow/load.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { loadOptions, type NodeClassFlags } from './node-classes.ts'

/** The workflows that come with comfy-run, by the job that they do. */
export type DefaultWorkflow = 'txt2img' | 'img2img' | 'inpaint'

/**
 * Loads the user's workflow, or the one of ours that does the job. `flags` say who is asked for node classes, should
 * the user's need them. Throws as `loadWorkflow`.
 */
export async function workflowFor(
  file: string | undefined,
  fallback: DefaultWorkflow,
  flags: NodeClassFlags,
): Promise<Workflow> {
  if (file !== undefined) return loadWorkflow(file, loadOptions(flags))
  return defaultWorkflow(fallback)
}

/** Loads one of our workflows. */
export async function defaultWorkflow(name: DefaultWorkflow): Promise<Workflow> {
  const ours = await libraryWorkflow(name)
  if (!ours) throw new Error(`the workflow ${name} is not where it was installed`)
  return ours
}
