import { findRoles, roleNames, type Role } from '../workflow/roles.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'

/** The inputs of a workflow that a plan treats in a way of their own. Sets hold the texts of `inputKey`. */
export interface KnownInputs {
  readonly seeds: ReadonlyMap<string, InputRef>
  /** Inputs that take the name of an image. */
  readonly images: ReadonlySet<string>
  /** Inputs that hold a prompt. */
  readonly prompts: ReadonlySet<string>
  /** Inputs that name the model to sample with. */
  readonly models: readonly InputRef[]
}

const found = new WeakMap<Workflow, KnownInputs>()

/** Finds them by the roles, once for each workflow. */
export function knownInputs(workflow: Workflow): KnownInputs {
  const known = found.get(workflow) ?? find(workflow)
  found.set(workflow, known)
  return known
}

/** A text that differs for different inputs. */
export function inputKey({ node, input }: InputRef): string {
  return `${node}\u0000${input}`
}

function find(workflow: Workflow): KnownInputs {
  const roles = findRoles(workflow)
  const entries = (...names: Role[]): [string, InputRef][] =>
    names.flatMap((name) => roles.get(name)?.targets ?? []).map((target) => [inputKey(target), target])
  const keys = (...names: Role[]): Set<string> => new Set(entries(...names).map(([key]) => key))
  return {
    seeds: new Map(entries('seed')),
    images: keys(...roleNames.filter((role) => /^(?:image|mask)/.test(role))),
    prompts: keys('prompt', 'negative'),
    models: roles.get('model')?.targets ?? [],
  }
}
