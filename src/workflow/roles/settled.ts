import { isLink } from '../../protocol/graph.ts'
import { isJsonArray, isJsonObject, type JsonValue } from '../../protocol/json.ts'
import { hasInput, inputValue } from '../links.ts'
import type { InputRef, Workflow } from '../workflow.ts'
import type { Role } from './role-names.ts'

/** A role that the user settled, and where. */
export interface Settled {
  readonly targets: readonly InputRef[]
  readonly value?: JsonValue
  readonly where: string
  /** What is wrong with it. */
  readonly problem?: string
}

/**
 * What the user says plays a role: in the file `NAME.roles.json` beside the workflow, else in the `comfy-run` block of
 * the `_meta` of nodes, `{"comfy-run": {"prompt": "text"}}`, which names inputs of its node. Undefined if nothing.
 */
export function settledRole(workflow: Workflow, role: Role): Settled | undefined {
  const file = workflow.settledRoles
  const targets = file?.roles.get(role)
  if (file && targets) return settled(workflow, targets, file.source)
  const blocks = Array.from(workflow.nodes).flatMap(([node, { meta }]) => {
    const block = meta?.['comfy-run']
    const value = isJsonObject(block) && Object.hasOwn(block, role) ? block[role] : undefined
    return value === undefined ? [] : namesIn(value).map((input): InputRef => ({ node, input }))
  })
  if (blocks.length === 0) return undefined
  const nodes = [...new Set(blocks.map(({ node }) => node))].join(', ')
  return settled(workflow, blocks, `the comfy-run block of node ${nodes}`)
}

function namesIn(value: JsonValue): string[] {
  const list = isJsonArray(value) ? value : [value]
  return list.map((name) => (typeof name === 'string' ? name : '?'))
}

function settled(workflow: Workflow, refs: readonly InputRef[], where: string): Settled {
  if (refs.length === 0) return { targets: [], where, problem: `${where} says that there is none` }
  const isThere = ({ node, input }: InputRef): boolean => {
    const found = workflow.nodes.get(node)
    return found !== undefined && hasInput(found, input)
  }
  const missing = refs.find((ref) => !isThere(ref))
  if (missing) {
    return { targets: [], where, problem: `${where} names the input "${missing.input}", which is not there` }
  }
  const [first] = refs
  const value = first && inputValue(workflow, first)
  return { targets: refs, where, ...(value !== undefined && !isLink(value) && { value }) }
}

/** The titles by which a user says which of several nodes is meant. */
const titles: Readonly<Partial<Record<Role, RegExp>>> = {
  prompt: /^(?:positive(?: prompt)?|prompt)$/i,
  negative: /^negative(?: prompt)?$/i,
}

/**
 * Of several candidates those whose nodes are titled like the role: `Steps`, `Positive`. All of them, if none is or
 * all are.
 */
export function titledLike(workflow: Workflow, role: Role, refs: readonly InputRef[]): readonly InputRef[] {
  const name = titles[role] ?? new RegExp(`^${role}$`, 'i')
  const titled = refs.filter(({ node }) => name.test(workflow.nodes.get(node)?.title?.trim() ?? ''))
  return titled.length > 0 ? titled : refs
}
