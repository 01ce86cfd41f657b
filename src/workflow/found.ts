import type { InputRef, NodeId } from './workflow.ts'

/** What a search for the inputs behind something came to. */
export interface Found {
  /** Inputs that hold a literal, each once. */
  readonly inputs: readonly InputRef[]
  /** Those of them whose values must agree for all to be set alike. */
  readonly telling: readonly InputRef[]
  /** Nodes that make a value of their own where a literal was looked for. */
  readonly computedBy: readonly NodeId[]
  /** Why nothing was found, where the search knows better than its reader. */
  readonly reason?: string
}

export const nothing: Found = { inputs: [], telling: [], computedBy: [] }

/** One input, which tells for itself. */
export function foundInput(ref: InputRef): Found {
  return { inputs: [ref], telling: [ref], computedBy: [] }
}

/** All that several searches found, each input and node once. */
export function together(founds: readonly Found[]): Found {
  return {
    inputs: uniqueInputs(founds.flatMap(({ inputs }) => inputs)),
    telling: uniqueInputs(founds.flatMap(({ telling }) => telling)),
    computedBy: [...new Set(founds.flatMap(({ computedBy }) => computedBy))],
  }
}

/** What was found, without some inputs. */
export function without({ inputs, telling, computedBy }: Found, others: readonly InputRef[]): Found {
  const keys = new Set(others.map(keyOf))
  const isOther = (ref: InputRef): boolean => keys.has(keyOf(ref))
  return {
    inputs: inputs.filter((ref) => !isOther(ref)),
    telling: telling.filter((ref) => !isOther(ref)),
    computedBy,
  }
}

function uniqueInputs(refs: readonly InputRef[]): InputRef[] {
  return [...new Map(refs.map((ref) => [keyOf(ref), ref])).values()]
}

function keyOf({ node, input }: InputRef): string {
  return JSON.stringify([node, input])
}
