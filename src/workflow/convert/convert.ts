import { ComfyRunError } from '../../errors.ts'
import type { JsonObject } from '../../protocol/json.ts'
import type { ObjectInfo } from '../../protocol/object-info.ts'
import type { Workflow, WorkflowNode } from '../workflow.ts'
import { Catalogue } from './catalogue.ts'
import type { Random } from './dynamic-prompt.ts'
import { HostValues } from './host-values.ts'
import { nodeInputs } from './node-inputs.ts'
import { readUiWorkflow } from './read-ui-workflow.ts'
import { runNodes } from './run-nodes.ts'
import { TextTokens } from './text-tokens.ts'
import { Tracer } from './trace.ts'
import { unknownNodes } from './unknown-nodes.ts'

export interface ConvertOptions {
  /** What messages call the graph. Default `the workflow`. */
  readonly source?: string
  /** Chooses among `{red|blue}` in prompts. Default `Math.random`. */
  readonly random?: Random
  /** For `%date:...%` in names of files. Default: now. */
  readonly now?: Date
}

/**
 * Makes of a graph as the page saves it what the page would send: the same node ids, classes, inputs and titles. The
 * graph itself comes along as `uiWorkflow`. Throws `missing-node` with every node whose class the server does not have,
 * and `not-convertible` for a graph in which nothing can be run.
 */
export function convertWorkflow(
  ui: JsonObject,
  objectInfo: ObjectInfo,
  { source = 'the workflow', random = Math.random, now = new Date() }: ConvertOptions = {},
): Workflow {
  const workflow = readUiWorkflow(ui, objectInfo)
  const catalogue = new Catalogue(workflow, objectInfo)
  const run = runNodes(workflow.root, catalogue)
  const unknown = run.filter(({ node }) => !catalogue.classOf(node))
  if (unknown.length > 0) throw unknownNodes(source, unknown, objectInfo)
  if (run.length === 0) throw nothingToRun(source)
  const ids = new Set(run.map(({ id }) => id))
  const tools = {
    catalogue,
    tracer: new Tracer(catalogue, new HostValues(catalogue)),
    tokens: new TextTokens(catalogue, workflow, now),
    random,
    isRun: (id: string) => ids.has(id),
  }
  const nodes = run.map(({ id, scope, node }): [string, WorkflowNode] => {
    const title = node.title ?? catalogue.parts(node).title
    const inputs = nodeInputs(scope, node, tools)
    return [id, { classType: node.type, inputs, title, meta: { title } }]
  })
  return { nodes: new Map(nodes), source, uiWorkflow: ui }
}

function nothingToRun(source: string): ComfyRunError {
  return new ComfyRunError(
    'not-convertible',
    `${source} can't be converted: it has no node that would be run`,
    {
      hint: 'notes, muted and bypassed nodes are not run',
    },
  )
}
