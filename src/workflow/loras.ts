import { ComfyRunError } from '../errors.ts'
import type { Lora } from './lora.ts'
import { insertLoras } from './lora-insertion.ts'
import { hasInput } from './links.ts'
import { patchWorkflow, type Patch } from './patch.ts'
import { modelPaths, type ModelPath } from './roles/model-paths.ts'
import { RoleGraph } from './roles/role-graph.ts'
import { traceNumber } from './roles/trace-number.ts'
import { traceString } from './roles/trace-string.ts'
import type { NodeId, Workflow } from './workflow.ts'

/** LoRAs that make a model need fewer steps: they belong to the steps and the CFG of the workflow. */
const speedUp = /light(?:ning|x2v)|turbo|hyper|lcm|distill|causvid|dmd|\d[-_ ]?steps?/i

/**
 * A new workflow with the LoRAs. On the way of each model: one that is loaded already gets the strength; others take the
 * places of the loaders that are there, in their order from the model on (not of those that speed a model up), and
 * for what is left new loaders are put between the model and all that use it. Throws ComfyRunError `unknown-role` if the
 * workflow has no model.
 */
export function withLoras(workflow: Workflow, loras: readonly Lora[]): Workflow {
  if (loras.length === 0) return workflow
  const graph = new RoleGraph(workflow)
  const paths = modelPaths(graph)
  if (paths.length === 0) {
    throw new ComfyRunError('unknown-role', `${workflow.source} has no model that a LoRA could change`, {
      hint: 'comfy-run inspect shows what was found; any loader is set by its address, e.g. --set 10.lora_name=ink.safetensors',
    })
  }
  const patches: Patch[] = []
  const missing = new Map<NodeId, Lora[]>()
  for (const path of paths) {
    const { edits, left } = planned(graph, path, loras)
    patches.push(...edits.flatMap(({ node, lora }) => edited(graph, node, lora)))
    for (const loader of path.loaders) missing.set(loader, joined(missing.get(loader) ?? [], left))
  }
  const { workflow: changed } = patchWorkflow(workflow, patches)
  return Array.from(missing).reduce((made, [loader, left]) => insertLoras(made, loader, left), changed)
}

/** What becomes of each LoRA on the way of one model. */
function planned(
  graph: RoleGraph,
  { loras: nodes }: ModelPath,
  loras: readonly Lora[],
): {
  readonly edits: readonly { readonly node: NodeId; readonly lora: Lora }[]
  readonly left: readonly Lora[]
} {
  const nameOf = (node: NodeId): string => {
    const [source] = traceString(graph, { node, input: 'lora_name' }).inputs
    const name = source && graph.inputsOf(source.node)[source.input]
    return typeof name === 'string' ? name : ''
  }
  const same = (lora: Lora): NodeId[] => nodes.filter((node) => nameOf(node) === lora.name)
  const kept = loras.filter((lora) => same(lora).length > 0)
  const others = loras.filter((lora) => !kept.includes(lora))
  const free = nodes.filter(
    (node) =>
      nameOf(node) !== '' && !speedUp.test(nameOf(node)) && !kept.some(({ name }) => name === nameOf(node)),
  )
  return {
    edits: [
      ...kept.flatMap((lora) => same(lora).map((node) => ({ node, lora }))),
      ...others.slice(0, free.length).map((lora, at) => ({ node: free[at] ?? '', lora })),
    ],
    left: others.slice(free.length),
  }
}

function edited(graph: RoleGraph, node: NodeId, { name, strength }: Lora): Patch[] {
  const names = traceString(graph, { node, input: 'lora_name' }).inputs.map((target) => ({
    target,
    value: name,
  }))
  if (strength === undefined) return names
  const found = graph.workflow.nodes.get(node)
  const strengths = ['strength_model', 'strength_clip', 'strength'].filter(
    (input) => found && hasInput(found, input),
  )
  return [
    ...names,
    ...strengths.flatMap((input) =>
      traceNumber(graph, { node, input }).inputs.map((target) => ({ target, value: strength })),
    ),
  ]
}

function joined(a: readonly Lora[], b: readonly Lora[]): Lora[] {
  return [...a, ...b.filter(({ name }) => !a.some((other) => other.name === name))]
}
