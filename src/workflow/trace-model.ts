import { together, type Found } from './found.ts'
import { literalSource } from './literal-source.ts'
import { linksNamed, onlyLink, walkBack } from './walk-back.ts'
import type { NodeId, Workflow } from './workflow.ts'

/** Inputs in which loaders name the file of the model that samples. */
const modelFiles = ['ckpt_name', 'unet_name', 'model_name', 'checkpoint', 'model_path']

/** Merging nodes take several models; a custom sampler gets its model through its guider. */
const onward = /^(?:model(?:_?\d+)?|guider|unet|on_true|on_false)$/

/**
 * Follows a sampler's model back to the loaders: through LoRA, patch and sampling nodes, which pass a `model` on, and
 * to each of several models that are merged.
 */
export function traceModel(workflow: Workflow, sampler: NodeId): Found {
  const files: Found[] = []
  const starts = linksNamed(workflow.nodes.get(sampler)?.inputs ?? {}, onward)
  walkBack(
    workflow,
    starts.map((input) => ({ node: sampler, input })),
    ({ node, inputs }) => {
      const next = linksNamed(inputs, onward)
      if (next.length > 0) return next
      const file = modelFiles.find((name) => Object.hasOwn(inputs, name))
      if (file === undefined) return onlyLink(inputs)
      files.push(literalSource(workflow, { node, input: file }, 'text'))
      return []
    },
  )
  return together(files)
}
