import type { JsonValue } from '../protocol/json.ts'
import { inputValue } from './links.ts'
import { agree, leaveSwitchedOff } from './roles/agreement.ts'
import { together, type Found } from './roles/found.ts'
import { roleInputs, type Part, type RoleInputs } from './roles/role-inputs.ts'
import { roleNames, type Role } from './roles/role-names.ts'
import { settledRole, titledLike } from './roles/settled.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

export { isFileRole, isFurtherFile, roleNames, type Role } from './roles/role-names.ts'

/** The inputs that play a role in a workflow. */
export interface RoleFinding {
  readonly role: Role
  /** Every input that a flag for the role changes; empty if nothing plays it. */
  readonly targets: readonly InputRef[]
  /** The value that they hold now; that of the first, if they differ. */
  readonly value?: JsonValue
  /** Why the role can't be used: nothing plays it, it is ambiguous, or some of it is computed. */
  readonly problem?: string
  /** What could be meant as well and was left out, and why. */
  readonly notes: readonly string[]
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
  const findings = new Map(roleNames.map((role) => [role, finding(workflow, role, inputs)]))
  memory.set(workflow, findings)
  return findings
}

function finding(workflow: Workflow, role: Role, inputs: RoleInputs): RoleFinding {
  const settled = settledRole(workflow, role)
  if (settled) {
    const { where, ...own } = settled
    return { role, ...own, notes: settled.problem === undefined ? [`settled by ${where}`] : [] }
  }
  const parts = leaveSwitchedOff(workflow, role, inputs.roles.get(role) ?? [])
  const found = together(parts.map((part) => part.found))
  const problem = problemOf(workflow, role, inputs, { parts, found })
  if (problem !== undefined && found.inputs.length > 1) {
    const titled = titledLike(workflow, role, found.inputs)
    if (titled.length < found.inputs.length) return byTitle(workflow, role, titled, found)
  }
  const [first] = found.telling
  const value = first && inputValue(workflow, first)
  return {
    role,
    targets: found.inputs,
    ...(value !== undefined && { value }),
    ...(problem !== undefined && { problem }),
    notes: found.notes,
  }
}

/** Where it is not clear what is meant, a node that is titled like the role settles it. */
function byTitle(
  workflow: Workflow,
  role: Role,
  targets: readonly InputRef[],
  { inputs, notes }: Found,
): RoleFinding {
  const [first] = targets
  const value = first && inputValue(workflow, first)
  const left = inputs.filter((ref) => !targets.includes(ref))
  const note = `settled by the title of node ${first?.node ?? ''}; ${addresses(left)} could be meant as well`
  return { role, targets, ...(value !== undefined && { value }), notes: [...notes, note] }
}

/** Roles whose inputs may be computed in part, and still be set alike: all noise gets the one seed. */
const mayBeComputed = new Set<Role>(['seed', 'prefix', 'fps', 'batch'])

function problemOf(
  workflow: Workflow,
  role: Role,
  inputs: RoleInputs,
  { parts, found }: { readonly parts: readonly Part[]; readonly found: Found },
): string | undefined {
  if (found.inputs.length === 0) {
    if (found.reason !== undefined) return found.reason
    return found.computedBy.length > 0
      ? `it is computed by ${nodeNames(workflow, found.computedBy)}`
      : absenceOf(role)
  }
  if (found.computedBy.length > 0 && !mayBeComputed.has(role)) {
    return `only ${addresses(found.inputs)} can be set, the rest is computed by ${nodeNames(workflow, found.computedBy)}`
  }
  if (agree(workflow, role, parts, inputs)) return undefined
  return `several inputs could be meant, with different values: ${addresses(found.telling)}`
}

function addresses(refs: readonly InputRef[]): string {
  return refs.map(({ node, input }) => `${node}.${input}`).join(', ')
}

function nodeNames(workflow: Workflow, nodes: readonly NodeId[]): string {
  return nodes.map((id) => `node ${id} (${workflow.nodes.get(id)?.classType ?? ''})`).join(', ')
}

const noSetting = 'no sampler of the workflow has such an input'
const noSize = 'nothing that the workflow makes has a size of its own'
const absences: Readonly<Partial<Record<Role, string>>> = {
  prompt: 'no text reaches a sampler',
  negative: 'no text reaches the negative side of a sampler',
  width: noSize,
  height: noSize,
  batch: 'the sampler does not start from an empty latent',
  frames: 'the workflow makes no video of a length of its own',
  fps: 'no node has a frame rate',
  image: 'the workflow loads no image',
  mask: 'no mask comes from a file of its own',
  video: 'the workflow loads no video',
  audio: 'the workflow loads no audio',
  model: 'the model of the sampler does not come from a loader',
  prefix: 'no node has a filename_prefix',
}

function absenceOf(role: Role): string {
  const further = /^(image|video|audio)(\d)$/.exec(role)
  if (further)
    return `the workflow does not load ${further[2]} ${further[1]}${further[1] === 'image' ? 's' : ' files'}`
  return absences[role] ?? noSetting
}
