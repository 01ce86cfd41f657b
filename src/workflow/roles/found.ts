import type { InputRef, NodeId } from '../workflow.ts'

/** What a search for the inputs behind something came to. */
export interface Found {
  /** Inputs that hold a literal, each once. */
  readonly inputs: readonly InputRef[]
  /** Those of them whose values must agree for all to be set alike. */
  readonly telling: readonly InputRef[]
  /** Nodes that make a value of their own where a literal was looked for. */
  readonly computedBy: readonly NodeId[]
  /** What was left out, and why: for a person. */
  readonly notes: readonly string[]
  /** Why nothing was found, where the search knows better than its reader. */
  readonly reason?: string
}

export const nothing: Found = { inputs: [], telling: [], computedBy: [], notes: [] }

/** One input, which tells for itself. */
export function foundInput(ref: InputRef): Found {
  return { ...nothing, inputs: [ref], telling: [ref] }
}

/** A value that a node makes. */
export function computed(node: NodeId): Found {
  return { ...nothing, computedBy: [node] }
}

/** All that several searches found, each input and node once. */
export function together(founds: readonly Found[]): Found {
  const reason = founds.find((found) => found.reason !== undefined)?.reason
  return {
    inputs: uniqueInputs(founds.flatMap(({ inputs }) => inputs)),
    telling: uniqueInputs(founds.flatMap(({ telling }) => telling)),
    computedBy: [...new Set(founds.flatMap(({ computedBy }) => computedBy))],
    notes: [...new Set(founds.flatMap(({ notes }) => notes))],
    ...(reason !== undefined && { reason }),
  }
}

/** What was found, without some inputs. */
export function without(found: Found, others: readonly InputRef[]): Found {
  const keys = new Set(others.map(refKey))
  const isOther = (ref: InputRef): boolean => keys.has(refKey(ref))
  return {
    ...found,
    inputs: found.inputs.filter((ref) => !isOther(ref)),
    telling: found.telling.filter((ref) => !isOther(ref)),
  }
}

/** A text that differs for different inputs. */
export function refKey({ node, input }: InputRef): string {
  return JSON.stringify([node, input])
}

function uniqueInputs(refs: readonly InputRef[]): InputRef[] {
  return [...new Map(refs.map((ref) => [refKey(ref), ref])).values()]
}
