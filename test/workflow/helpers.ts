import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { ComfyRunError } from '../../src/errors.ts'
import type { JsonObject, JsonValue } from '../../src/protocol/json.ts'
import { parseWorkflow } from '../../src/workflow/parse.ts'
import type { InputRef, Workflow, WorkflowNode } from '../../src/workflow/workflow.ts'

/** A graph of test/fixtures/workflows, by its name. */
export function fixture(name: string): Workflow {
  const file = new URL(`../fixtures/workflows/${name}.json`, import.meta.url)
  return parseWorkflow(readFileSync(file, 'utf8'), `${name}.json`)
}

/** A workflow in short form: `{id: [class, inputs, title]}`. */
export function graph(nodes: Readonly<Record<string, readonly [string, JsonObject, string?]>>): Workflow {
  const entries = Object.entries(nodes).map(([id, [classType, inputs, title]]): [string, WorkflowNode] => [
    id,
    { classType, inputs, ...(title !== undefined && { title, meta: { title } }) },
  ])
  return { nodes: new Map(entries), source: 'graph.json' }
}

/** A workflow of `fixture`, with some nodes added or replaced. */
export function withNodes(
  workflow: Workflow,
  nodes: Readonly<Record<string, readonly [string, JsonObject, string?]>>,
): Workflow {
  return { ...workflow, nodes: new Map([...workflow.nodes, ...graph(nodes).nodes]) }
}

/** `node.input` as an InputRef: the last dot divides. */
export function ref(address: string): InputRef {
  const dot = address.lastIndexOf('.')
  return { node: address.slice(0, dot), input: address.slice(dot + 1) }
}

/** Inputs as addresses, in one text. */
export function addresses(refs: readonly InputRef[]): string {
  return refs.map(({ node, input }) => `${node}.${input}`).join(' ')
}

/** The ComfyRunError that `work` throws. */
export function failure(work: () => unknown): ComfyRunError {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof ComfyRunError, `not a ComfyRunError: ${String(error)}`)
    return error
  }
  assert.fail('nothing was thrown')
}

const names = fc.oneof(
  fc.constantFrom('text', 'seed', 'a.b', '__proto__', 'constructor', 'toString', ''),
  fc.string({ maxLength: 6 }),
)

/** Literals as workflows hold them, 64-bit integers among them. */
export const literals: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  // Large integers are bigints, and JSON has no -0.
  fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
)

/** Any workflow, with links to nodes that are there, loops, and names that every object answers to. */
export const workflows: fc.Arbitrary<Workflow> = fc
  .uniqueArray(names, { minLength: 1, maxLength: 6 })
  .chain((ids) => {
    const links = fc.tuple(fc.constantFrom(...ids), fc.nat(3)).map((link): JsonValue => link)
    const inputs = fc
      .array(fc.tuple(names, fc.oneof(literals, links)), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries))
    const titles = fc.option(fc.string({ maxLength: 6 }), { nil: undefined })
    const classes = fc.constantFrom('KSampler', 'CLIPTextEncode', 'Reroute', 'PrimitiveInt', 'SaveImage')
    const node = fc.tuple(classes, inputs, titles).map(([classType, own, title]): WorkflowNode => ({
      classType,
      inputs: own,
      ...(title !== undefined && { title, meta: { title } }),
    }))
    return fc
      .tuple(...ids.map((id) => node.map((each): [string, WorkflowNode] => [id, each])))
      .map((entries) => ({ nodes: new Map(entries), source: 'any.json' }))
  })

/** Every input of a workflow. */
export function allInputs(workflow: Workflow): InputRef[] {
  return Array.from(workflow.nodes).flatMap(([node, { inputs }]) =>
    Object.keys(inputs).map((input) => ({ node, input })),
  )
}
