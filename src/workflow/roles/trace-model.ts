import { hasInput } from '../links.ts'
import type { NodeId } from '../workflow.ts'
import { together, type Found } from './found.ts'
import type { RoleGraph } from './role-graph.ts'
import { traceString } from './trace-string.ts'
import { linksNamed, onlyLink, walkBack } from './walk-back.ts'

/** Inputs in which loaders name the file of the model that samples. */
const modelFiles = ['ckpt_name', 'unet_name', 'model_name', 'checkpoint', 'model_path', 'model']

/** Merging nodes take several models; a custom sampler gets its model through its guider. */
const onward = /^(?:model(?:_?\d+)?|unet|on_true|on_false)$/
const carrier = /^(?:guider|basic_pipe|pipe)$/

/** The models that a sampler gets: the files of their loaders, and the nodes on the way to them. */
export interface Models {
  readonly files: Found
  /** The nodes that load them. */
  readonly loaders: readonly NodeId[]
  readonly path: readonly NodeId[]
}

/**
 * Follows a sampler's model back to the loaders: through LoRA, patch and sampling nodes, which pass a `model` on, and
 * to each of several models that are merged. Models for something else on the way (LoRA, patches) are none.
 */
export function traceModel(graph: RoleGraph, sampler: NodeId): Models {
  const files: Found[] = []
  const loaders: NodeId[] = []
  const path: NodeId[] = []
  const own = linksNamed(graph, sampler, onward)
  const starts = own.length > 0 ? own : linksNamed(graph, sampler, carrier)
  walkBack(
    graph,
    starts.map((input) => ({ node: sampler, input })),
    ({ node }) => {
      path.push(node)
      const next = linksNamed(graph, node, onward)
      if (next.length > 0) return next
      const found = graph.workflow.nodes.get(node)
      const file = found && modelFiles.find((name) => hasInput(found, name))
      if (file === undefined) return [...linksNamed(graph, node, carrier), ...onlyLink(graph, node)]
      loaders.push(node)
      files.push(traceString(graph, { node, input: file }))
      return []
    },
  )
  return { files: together(files), loaders, path }
}
