import { isLink, type Link } from '../protocol/graph.ts'
import type { JsonObject, JsonValue } from '../protocol/json.ts'
import { nodeClassNamed } from '../protocol/object-info.ts'
import type { Lora } from './lora.ts'
import type { NodeId, Workflow, WorkflowNode } from './workflow.ts'

/**
 * Puts a loader for each LoRA between a model loader and all that use its model, one after the other. Where the loader
 * gives the text encoder as well (a checkpoint), the LoRA changes it too; else only the model.
 */
export function insertLoras(workflow: Workflow, loader: NodeId, loras: readonly Lora[]): Workflow {
  if (loras.length === 0) return workflow
  const first = outputsOf(workflow, loader)
  const nodes = new Map(workflow.nodes)
  let { model, clip } = first
  let id = nextId(workflow)
  for (const { name, strength = 1 } of loras) {
    const own = { lora_name: name, strength_model: strength, model: [...model] }
    const inputs: JsonObject = clip ? { ...own, strength_clip: strength, clip: [...clip] } : own
    const title = `LoRA ${name}`
    const classType = clip ? 'LoraLoader' : 'LoraLoaderModelOnly'
    nodes.set(String(id), { classType, inputs, title, meta: { title } })
    model = [String(id), 0]
    clip &&= [String(id), 1]
    id++
  }
  for (const [node, found] of workflow.nodes) {
    const inputs = relinked(found.inputs, (link) => {
      if (isSame(link, first.model)) return [...model]
      return first.clip && clip && isSame(link, first.clip) ? [...clip] : undefined
    })
    if (inputs) nodes.set(node, { ...found, inputs })
  }
  return { ...workflow, nodes }
}

interface Outputs {
  readonly model: Link
  readonly clip?: Link
}

/** The outputs of a model loader: a class that is not known gives the model first, and a text encoder after it. */
function outputsOf(workflow: Workflow, loader: NodeId): Outputs {
  const { classType = '' } = workflow.nodes.get(loader) ?? {}
  const types = workflow.nodeClasses && nodeClassNamed(workflow.nodeClasses, classType)?.output
  const model: Link = [loader, Math.max(0, types?.indexOf('MODEL') ?? 0)]
  const slot = types ? types.indexOf('CLIP') : 1
  const isUsed = Array.from(workflow.nodes.values()).some((node) => usesClip(node, [loader, slot]))
  return isUsed ? { model, clip: [loader, slot] } : { model }
}

function usesClip({ inputs }: WorkflowNode, output: Link): boolean {
  return Object.entries(inputs).some(
    ([input, value]) => /^clip\d?$/.test(input) && isLink(value) && isSame(value, output),
  )
}

/** Inputs with some links replaced; undefined if there is none to replace. */
function relinked(
  inputs: JsonObject,
  replace: (link: Link) => JsonValue | undefined,
): JsonObject | undefined {
  const entries = Object.entries(inputs)
  const made = entries.map(([input, value]): [string, JsonValue] => [
    input,
    isLink(value) ? (replace(value) ?? value) : value,
  ])
  return made.some(([, value], at) => value !== entries[at]?.[1]) ? Object.fromEntries(made) : undefined
}

function isSame(a: Link, b: Link): boolean {
  return a[0] === b[0] && a[1] === b[1]
}

/** An id that no node has, after all numbers that are ids. */
function nextId({ nodes }: Workflow): number {
  const numbers = Array.from(nodes.keys(), (id) => Number(/^\d{1,9}/.exec(id)?.[0] ?? 0))
  return 1 + Math.max(0, ...numbers)
}
