import { workflowFor } from '../default-workflow.ts'
import { execute, type ExecuteFlags } from '../execute.ts'
import { graphSettings, promptSetting, type GraphOptions } from '../options/graph-options.ts'
import { promptText } from '../prompt-text.ts'

/** `comfy-run txt2img <prompt>`. Resolves to the exit code. */
export async function txt2img(prompt: string, flags: GraphOptions & ExecuteFlags): Promise<number> {
  const text = await promptText(prompt)
  const workflow = await workflowFor(flags.workflow, 'txt2img', flags)
  return execute({ workflow, defaults: [promptSetting(text), ...graphSettings(flags)] }, flags)
}
