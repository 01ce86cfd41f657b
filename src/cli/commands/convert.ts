import { rename, rm, writeFile } from 'node:fs/promises'
import { ComfyRunError, messageOf } from '../../errors.ts'
import { stringifyJson } from '../../protocol/json.ts'
import { loadWorkflow } from '../../workflow/load.ts'
import { toGraph } from '../../workflow/workflow.ts'
import { loadOptions, type NodeClassFlags } from '../node-classes.ts'
import { writeJson } from '../standard-streams.ts'

export interface ConvertFlags extends NodeClassFlags {
  /** Where the result goes instead of stdout. */
  readonly out?: string
}

/**
 * `comfy-run convert <workflow>`: writes a graph as the page saves it in API format. One that is in that format already
 * is written as it is, without what else its file holds.
 */
export async function convert(file: string, flags: ConvertFlags): Promise<void> {
  const workflow = await loadWorkflow(file, loadOptions(flags))
  const json = stringifyJson(toGraph(workflow), 2)
  if (flags.out === undefined) writeJson(json)
  else await save(flags.out, `${json}\n`)
}

async function save(file: string, text: string): Promise<void> {
  const part = `${file}.part`
  try {
    await writeFile(part, text)
    await rename(part, file)
  } catch (cause) {
    await rm(part, { force: true })
    throw new ComfyRunError('disk-failed', `the workflow can't be saved to "${file}": ${messageOf(cause)}`, {
      cause,
    })
  }
}
