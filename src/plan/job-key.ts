import { isJsonArray, isJsonObject, type JsonValue } from '../protocol/json.ts'
import type { InputRef, NodeId, Workflow } from '../workflow/workflow.ts'
import { Hash128, hexOf, type Lanes } from './hash128.ts'

/** One input of a node. */
interface HashedInput {
  /** The names of node and input are mixed in; a value can be added. */
  readonly start: Hash128
  /** With the value that the workflow has. */
  readonly whole: Readonly<Lanes>
  /** With no value. */
  readonly open: Readonly<Lanes>
}

/** The sum of the hashes of a workflow's nodes and of their inputs, each with node, name and value. */
interface HashedWorkflow {
  readonly inputs: ReadonlyMap<NodeId, ReadonlyMap<string, HashedInput>>
  readonly sum: Readonly<Lanes>
}

const hashed = new WeakMap<Workflow, HashedWorkflow>()
const scratch = new Hash128()

/**
 * A hash of a request: of a graph and a copy number. Equal requests have equal keys: the order of nodes and inputs, and
 * titles, play no part. It begins as that of a workflow; each input that a job sets takes the place of the workflow's own
 * in the sum, so that a job costs no more than what it changes.
 */
export class JobKey implements Lanes {
  a: number
  b: number
  c: number
  d: number
  readonly #inputs: HashedWorkflow['inputs']

  constructor(workflow: Workflow) {
    let known = hashed.get(workflow)
    if (!known) hashed.set(workflow, (known = hashWorkflow(workflow)))
    this.#inputs = known.inputs
    this.a = known.sum.a
    this.b = known.sum.b
    this.c = known.sum.c
    this.d = known.sum.d
  }

  /** The request has another value in an input. Each input at most once. */
  set({ node, input }: InputRef, value: JsonValue): void {
    const known = this.#inputs.get(node)?.get(input)
    if (known) move(this, known.whole, hashValue(known.start, value))
  }

  /** What an input holds is no part of the request: a drawn seed. */
  open({ node, input }: InputRef): void {
    const known = this.#inputs.get(node)?.get(input)
    if (known) move(this, known.whole, known.open)
  }

  /** Which copy it is, from 1. The last that is told of a request. */
  setCopy(copy: number): void {
    if (copy > 1) move(this, zero, scratch.restart(this).add(`copy ${copy}`).finish())
  }

  /** All of it, as 32 hex digits. */
  toString(): string {
    return hexOf(this)
  }
}

const zero: Readonly<Lanes> = { a: 0, b: 0, c: 0, d: 0 }

function hashWorkflow({ nodes }: Workflow): HashedWorkflow {
  const sum: Lanes = { ...zero }
  const inputs = new Map<NodeId, Map<string, HashedInput>>()
  for (const [id, { classType, inputs: values }] of nodes) {
    const node = `${JSON.stringify(id)} ${JSON.stringify(classType)} `
    move(sum, zero, new Hash128().add(node).finish())
    const ofNode = new Map<string, HashedInput>()
    for (const [name, value] of Object.entries(values)) {
      const start = new Hash128().add(`${node}${JSON.stringify(name)}:`)
      const whole = lanesOf(hashValue(start, value))
      move(sum, zero, whole)
      ofNode.set(name, { start, whole, open: lanesOf(scratch.restart(start).finish()) })
    }
    inputs.set(id, ofNode)
  }
  return { inputs, sum }
}

function lanesOf({ a, b, c, d }: Readonly<Lanes>): Lanes {
  return { a, b, c, d }
}

/** Good until the next one is made. */
function hashValue(start: Hash128, value: JsonValue): Readonly<Lanes> {
  const hash = scratch.restart(start)
  // Texts are most of what rows set. The quote tells "7" from 7.
  if (typeof value === 'string') return hash.add('"').add(value).finish()
  return hash.add(canonical(value)).finish()
}

function move(sum: Lanes, from: Readonly<Lanes>, to: Readonly<Lanes>): void {
  sum.a = (sum.a - from.a + to.a) | 0
  sum.b = (sum.b - from.b + to.b) | 0
  sum.c = (sum.c - from.c + to.c) | 0
  sum.d = (sum.d - from.d + to.d) | 0
}

/** JSON with the keys of objects in order. */
function canonical(value: JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (isJsonArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'bigint' || typeof value === 'number') return String(value)
  if (!isJsonObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).sort(byKey)
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
