import { resolve } from 'node:path'
import type { Row } from '../../plan/row.ts'
import { workflowFor } from '../default-workflow.ts'
import { execute, type ExecuteFlags } from '../execute.ts'
import { imageFiles } from '../image-files.ts'
import { graphSettings, promptSetting, type GraphOptions } from '../options/graph-options.ts'
import { inputFileSettings, type InputFileFlags } from '../options/input-file-options.ts'
import { promptText } from '../prompt-text.ts'

export interface Img2imgFlags extends GraphOptions, InputFileFlags, ExecuteFlags {
  readonly image: readonly string[]
}

/** `comfy-run img2img <prompt> --image ...`: one job for each image. Resolves to the exit code. */
export async function img2img(prompt: string, flags: Img2imgFlags): Promise<number> {
  const text = await promptText(prompt)
  const images = await imageFiles(flags.image)
  const workflow = await workflowFor(flags.workflow, flags.mask === undefined ? 'img2img' : 'inpaint', flags)
  const settings = [promptSetting(text), ...graphSettings(flags), ...inputFileSettings(flags)]
  return execute({ workflow, rows: imageRows(images), sources: images, defaults: settings }, flags)
}

/** Rows as a jobs file with the one column `image` would give them. */
function imageRows(images: readonly string[]): AsyncIterable<Row> {
  const rows = images.map((image): Row => {
    const where = { file: 'command line', label: `--image ${image}` }
    const cell = { key: 'image', value: resolve(image), typed: true, where, keyWhere: where }
    return { cells: [cell], origin: where }
  })
  // The plan is walked twice.
  return {
    async *[Symbol.asyncIterator]() {
      yield* rows
    },
  }
}
