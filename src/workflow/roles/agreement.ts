import { stringifyJson } from '../../protocol/json.ts'
import { inputValue } from '../links.ts'
import type { InputRef, Workflow } from '../workflow.ts'
import type { Part, RoleInputs } from './role-inputs.ts'
import type { Role } from './role-names.ts'

/** Roles whose inputs may differ and still be set alike: all noise gets the one seed. */
const mayDiffer = new Set<Role>(['seed', 'prefix', 'fps'])
const texts = new Set<Role>(['prompt', 'negative'])

/**
 * Whether one value can be meant for all inputs of a role. Samplers beside each other are set alike, whatever they hold; of two that work
 * one after the other each may be meant, if they differ. Base and refiner have one prompt, though in words of
 * their own.
 */
export function agree(workflow: Workflow, role: Role, parts: readonly Part[], inputs: RoleInputs): boolean {
  if (mayDiffer.has(role)) return true
  const held = parts
    .filter(({ found }) => found.telling.length > 0)
    .map((part) => ({ part, values: valuesOf(workflow, part.found.telling) }))
  if (held.some(({ values }) => values.size > 1)) return false
  const different = new Set(held.flatMap(({ values }) => [...values]))
  if (different.size <= 1) return true
  return !held.some((a) =>
    held.some((b) => {
      if (!a.part.maker || !b.part.maker || isSame(a.values, b.values)) return false
      if (!inputs.graph.upstream(b.part.maker).has(a.part.maker) || a === b) return false
      const maker = inputs.makers.find((each) => each.maker === b.part.maker)
      return !(texts.has(role) && maker?.continues.has(a.part.maker))
    }),
  )
}

/** Values that switch a setting off: CFG of 1 guides nothing, and all noise is what a first sampler has anyway. */
const off: Readonly<Partial<Record<Role, string>>> = { cfg: '1', denoise: '1' }

/** Leaves samplers out in which a setting is switched off, if it is on in another: `--cfg` is for that one. */
export function leaveSwitchedOff(workflow: Workflow, role: Role, parts: readonly Part[]): readonly Part[] {
  const value = off[role]
  if (value === undefined) return parts
  const isOff = ({ found }: Part): boolean =>
    found.telling.length > 0 && isSame(valuesOf(workflow, found.telling), new Set([value]))
  const on = parts.filter((part) => part.found.telling.length > 0 && !isOff(part))
  if (on.length === 0) return parts
  const notes = parts
    .filter(isOff)
    .flatMap(({ found }) => found.telling)
    .map(({ node, input }) => `${node}.${input} is left at ${value}, which switches it off`)
  return parts
    .filter((part) => !isOff(part))
    .map((part, at) =>
      at === 0 ? { ...part, found: { ...part.found, notes: [...part.found.notes, ...notes] } } : part,
    )
}

function valuesOf(workflow: Workflow, refs: readonly InputRef[]): ReadonlySet<string> {
  return new Set(refs.map((ref) => stringifyJson(inputValue(workflow, ref) ?? null)))
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((value) => b.has(value))
}
