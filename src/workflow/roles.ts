import { stringifyJson, type JsonValue } from '../protocol/json.ts'
import type { Found } from './found.ts'
import { inputValue } from './links.ts'
import { roleInputs } from './role-inputs.ts'
import { roleNames, type Role } from './role-names.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

export { roleNames, type Role } from './role-names.ts'

/** The inputs that play a role in a workflow. */
export interface RoleFinding {
  readonly role: Role
  /** Every input that a flag for the role changes; empty if nothing plays it. */
  readonly targets: readonly InputRef[]
  /** The value that they hold now; that of the first, if they differ. */
  readonly value?: JsonValue
  /** Why the role can't be used: nothing plays it, it is ambiguous, or some of it is computed. */
  readonly problem?: string
}

const memory = new WeakMap<Workflow, ReadonlyMap<Role, RoleFinding>>()

/**
 * Finds the inputs that play each role, by following links from the outputs back to the samplers and on to the
 * texts, the latent and the model; not by a list of classes alone. Every role has a finding. Never throws.
 */
export function findRoles(workflow: Workflow): ReadonlyMap<Role, RoleFinding> {
  const known = memory.get(workflow)
  if (known) return known
  const inputs = roleInputs(workflow)
  const findings = new Map(roleNames.map((role) => [role, finding(workflow, role, inputs[role])]))
  memory.set(workflow, findings)
  return findings
}

function finding(workflow: Workflow, role: Role, found: Found): RoleFinding {
  const targets = found.inputs
  const problem = problemOf(workflow, role, found)
  const [first] = found.telling
  const value = first && inputValue(workflow, first)
  return { role, targets, ...(value !== undefined && { value }), ...(problem !== undefined && { problem }) }
}

/** Roles whose inputs may differ, and be computed in part, and still be set alike: all noise gets the one seed. */
const mayDiffer = new Set<Role>(['seed', 'prefix'])

function problemOf(workflow: Workflow, role: Role, found: Found): string | undefined {
  const { inputs, telling, computedBy, reason } = found
  if (inputs.length === 0) {
    if (reason !== undefined) return reason
    return computedBy.length > 0 ? `it is computed by ${nodeNames(workflow, computedBy)}` : absences[role]
  }
  if (mayDiffer.has(role)) return undefined
  if (computedBy.length > 0) {
    return `only ${addresses(inputs)} can be set, the rest is computed by ${nodeNames(workflow, computedBy)}`
  }
  const values = new Set(telling.map((ref) => stringifyJson(inputValue(workflow, ref))))
  if (values.size <= 1) return undefined
  return `several inputs could be meant, with different values: ${addresses(telling)}`
}

function addresses(refs: readonly InputRef[]): string {
  return refs.map(({ node, input }) => `${node}.${input}`).join(', ')
}

function nodeNames(workflow: Workflow, nodes: readonly NodeId[]): string {
  return nodes.map((id) => `node ${id} (${workflow.nodes.get(id)?.classType ?? ''})`).join(', ')
}

const noSetting = 'no sampler of the workflow has such an input'
const noEmptyLatent = 'the sampler does not start from an empty latent'
const absences: Readonly<Record<Role, string>> = {
  prompt: 'no text reaches a sampler',
  negative: 'no text reaches the negative side of a sampler',
  seed: noSetting,
  steps: noSetting,
  cfg: noSetting,
  sampler: noSetting,
  scheduler: noSetting,
  denoise: noSetting,
  width: noEmptyLatent,
  height: noEmptyLatent,
  batch: noEmptyLatent,
  image: 'the workflow loads no image',
  mask: 'the sampler gets no mask from a file of its own',
  model: 'the model of the sampler does not come from a loader',
  prefix: 'no node has a filename_prefix',
}
