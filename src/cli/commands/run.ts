import { resolve } from 'node:path'
import { loadWorkflow } from '../../workflow/load.ts'
import { execute, type ExecuteFlags } from '../execute.ts'
import { graphSettings, optionSetting, promptSetting, type GraphOptions } from '../options/graph-options.ts'
import { promptText } from '../prompt-text.ts'

export interface RunWorkflowFlags extends GraphOptions, ExecuteFlags {
  readonly prompt?: string
  readonly image?: string
  readonly mask?: string
}

/** `comfy-run run <workflow>`: the graph as it is, with what the options change. Resolves to the exit code. */
export async function runWorkflow(file: string, flags: RunWorkflowFlags): Promise<number> {
  const workflow = await loadWorkflow(file)
  const settings = graphSettings(flags)
  if (flags.prompt !== undefined) settings.unshift(promptSetting(await promptText(flags.prompt)))
  if (flags.image !== undefined) settings.push(optionSetting('image', resolve(flags.image), '--image'))
  if (flags.mask !== undefined) settings.push(optionSetting('mask', resolve(flags.mask), '--mask'))
  return execute({ workflow, defaults: settings }, flags)
}
