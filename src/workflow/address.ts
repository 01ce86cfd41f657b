import { ComfyRunError } from '../errors.ts'
import { didYouMean } from '../near-matches.ts'
import { hasInput } from './links.ts'
import { findRoles, roleNames, type Role } from './roles.ts'
import type { InputRef, NodeId, Workflow, WorkflowNode } from './workflow.ts'

/**
 * The inputs that an address names: `6.text` (node id), `KSampler.seed` (class, if one node has it),
 * `@Positive.text` (title), or a role such as `prompt`. Throws `unknown-address`, `ambiguous-address`,
 * `unknown-role` or `ambiguous-role`, each with what may be meant.
 */
export function resolveAddress(workflow: Workflow, address: string): readonly InputRef[] {
  if (isRole(address)) return resolveRole(workflow, address)
  let isNode = false
  for (const [name, input] of splits(address)) {
    const nodes = nodesNamed(workflow, name)
    if (nodes.length === 0) continue
    isNode = true
    const having = nodes.filter(([, node]) => hasInput(node, input))
    if (having.length > 1) throw ambiguous(address, name, input, having)
    const [only] = having
    if (only) return [{ node: only[0], input }]
  }
  throw unknown(workflow, address, isNode)
}

function isRole(address: string): address is Role {
  return (roleNames as readonly string[]).includes(address)
}

function resolveRole(workflow: Workflow, role: Role): readonly InputRef[] {
  const found = findRoles(workflow).get(role)
  if (!found?.problem) return found?.targets ?? []
  const code = found.targets.length > 0 ? 'ambiguous-role' : 'unknown-role'
  const [first] = found.targets
  const hint = first
    ? `name the one that is meant, e.g. --set ${first.node}.${first.input}=..., or settle it for good in a .roles.json`
    : 'comfy-run inspect lists what can be set; any input can be set by its address'
  const text = first ? `"${role}" is ambiguous in ${workflow.source}` : `${workflow.source} has no "${role}"`
  throw new ComfyRunError(code, `${text}: ${found.problem}`, { hint })
}

/** Every way to read an address as node and input: both may hold dots. */
function splits(address: string): [node: string, input: string][] {
  const dots = Array.from(address.matchAll(/\./g), ({ index }) => index)
  return dots.map((dot) => [address.slice(0, dot), address.slice(dot + 1)])
}

function nodesNamed(workflow: Workflow, name: string): [NodeId, WorkflowNode][] {
  const entries = Array.from(workflow.nodes)
  if (name.startsWith('@')) return entries.filter(([, node]) => node.title === name.slice(1))
  const byId = workflow.nodes.get(name)
  return byId ? [[name, byId]] : entries.filter(([, node]) => node.classType === name)
}

function ambiguous(
  address: string,
  name: string,
  input: string,
  nodes: readonly (readonly [NodeId, WorkflowNode])[],
): ComfyRunError {
  const what = name.startsWith('@') ? `are titled "${name.slice(1)}"` : `are of class ${name}`
  return new ComfyRunError(
    'ambiguous-address',
    `"${address}" could be any of ${nodes.length} nodes that ${what}`,
    {
      hint: `use the node's id: ${nodes.map(([id]) => `${id}.${input}`).join(' or ')}`,
    },
  )
}

function unknown(workflow: Workflow, address: string, isNode: boolean): ComfyRunError {
  const known = [...roleNames, ...addressesOf(workflow)]
  const what = isNode ? 'the node has no such input' : 'there is no such role or node'
  return new ComfyRunError('unknown-address', `"${address}" names nothing in ${workflow.source}: ${what}`, {
    hint:
      didYouMean(address, known) ??
      `comfy-run inspect lists what can be set${isNode ? `: ${inputsBeside(workflow, address)}` : ''}`,
  })
}

function inputsBeside(workflow: Workflow, address: string): string {
  const [name = ''] = splits(address).find(([node]) => nodesNamed(workflow, node).length > 0) ?? []
  const inputs = nodesNamed(workflow, name).flatMap(([, node]) => Object.keys(node.inputs))
  return [...new Set(inputs)].map((input) => `${name}.${input}`).join(', ')
}

/** Every address of every input: by id, by class and by title. */
function addressesOf(workflow: Workflow): string[] {
  return Array.from(workflow.nodes).flatMap(([id, { classType, title, inputs }]) =>
    Object.keys(inputs).flatMap((input) => [
      `${id}.${input}`,
      `${classType}.${input}`,
      ...(title === undefined ? [] : [`@${title}.${input}`]),
    ]),
  )
}
