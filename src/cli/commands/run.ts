import { resolve } from 'node:path'
import { ComfyRunError } from '../../errors.ts'
import { loadWorkflow } from '../../workflow/load.ts'
import { execute, type ExecuteFlags } from '../execute.ts'
import { keptSeeds } from '../kept-seeds.ts'
import { loadOptions } from '../node-classes.ts'
import { graphSettings, optionSetting, promptSetting, type GraphOptions } from '../options/graph-options.ts'
import { inputFileSettings, type InputFileFlags } from '../options/input-file-options.ts'
import { promptText } from '../prompt-text.ts'

export interface RunWorkflowFlags extends GraphOptions, InputFileFlags, ExecuteFlags {
  readonly fromImage?: string
  readonly prompt?: string
  readonly image?: string
}

/**
 * `comfy-run run <workflow>`: the graph as it is, with what the options change. With `--from-image` it is that of an
 * image, seed and all. Resolves to the exit code.
 */
export async function runWorkflow(file: string | undefined, flags: RunWorkflowFlags): Promise<number> {
  const workflow = await loadWorkflow(sourceOf(file, flags), loadOptions(flags))
  const settings = graphSettings(flags)
  if (flags.prompt !== undefined) settings.unshift(promptSetting(await promptText(flags.prompt)))
  if (flags.image !== undefined) settings.push(optionSetting('image', resolve(flags.image), '--image'))
  settings.push(...inputFileSettings(flags))
  if (flags.fromImage !== undefined) settings.unshift(...keptSeeds(workflow, settings))
  return execute({ workflow, defaults: settings }, flags)
}

function sourceOf(file: string | undefined, { fromImage }: RunWorkflowFlags): string {
  if (file !== undefined && fromImage !== undefined) {
    throw new ComfyRunError('bad-option', `run takes a workflow or --from-image, not both: "${file}"`, {
      hint: 'leave one of them out',
    })
  }
  const source = file ?? fromImage
  if (source !== undefined) return source
  throw new ComfyRunError('bad-option', 'run wants a workflow', {
    hint: 'for example `comfy-run run workflow.json`, or `comfy-run run --from-image image.png --seed 5`',
  })
}
