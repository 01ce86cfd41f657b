import type { NodeClass } from '../../protocol/object-info.ts'
import type { NodeId, WorkflowNode } from '../workflow.ts'
import type { InputForm } from './input-forms.ts'
import { downloadHint } from './model-sources.ts'
import { valueCheck, type ValueCheck } from './value-check.ts'

/** What checks are told besides the graph. */
export interface CheckOptions {
  /**
   * Whether the node classes were asked of the server just now: then its lists of input files are complete. Default
   * false: they come from a file, and what lay in the input folder then says little.
   */
  readonly isLive?: boolean
}

/** A combo whose choices are made up by the user on the page. */
const ownChoices: ReadonlySet<string> = new Set(['CustomCombo.choice'])

/** The check of the literals that one input of one node may be given. */
export function literalCheck(
  [id, node]: readonly [NodeId, WorkflowNode],
  nodeClass: NodeClass,
  form: InputForm,
  options: CheckOptions,
): ValueCheck {
  if (ownChoices.has(`${node.classType}.${form.name}`)) return () => undefined
  return valueCheck(form, {
    ...options,
    isService: nodeClass.api_node === true,
    address: `${id}.${form.name}`,
    download: (model) => downloadHint(node, model),
  })
}
