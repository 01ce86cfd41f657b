import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node, type YAMLMap } from 'yaml'
import { ComfyRunError, type Where } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'
import { Places } from '../places.ts'
import { notAJob, notJobs, strayKey } from './row-faults.ts'
import { makeRow, withShared, type Cell, type Row } from './row.ts'

/**
 * Reads jobs from YAML 1.2, in the forms that `jsonRows` takes. Anchors and merge keys (`<<`) work. Throws
 * ComfyRunError `bad-row`, also for text that is not YAML.
 */
export function* yamlRows(file: string, text: string): Generator<Row> {
  const document = parsed(file, text)
  const source: Source = { document, places: new Places(file, text) }
  const [fault] = document.errors
  if (fault) {
    const where = source.places.at(fault.pos[0], fault.pos[1])
    throw new ComfyRunError('bad-row', `not YAML: ${firstLine(fault.message)}`, { where, cause: fault })
  }
  const { jobs, defaults } = findJobs(source)
  const shared = defaults ? cellsOf(source, defaults, true) : []
  for (const job of jobs) yield readRow(source, job, shared)
}

/** Throws `bad-row` where the parser, which calls itself for each level, runs out of stack. */
function parsed(file: string, text: string): Document.Parsed {
  try {
    return parseDocument(text, { intAsBigInt: true, merge: true, prettyErrors: false })
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ComfyRunError('bad-row', 'the jobs are nested too deep', { where: { file }, cause })
  }
}

interface Source {
  readonly document: Document.Parsed
  readonly places: Places
}

function findJobs(source: Source): { jobs: readonly Node[]; defaults?: Node } {
  const top = source.document.contents as Node | null
  if (isSeq(top)) return { jobs: top.items as Node[] }
  if (!isMap(top)) throw notJobs(placeOf(source, top))
  const jobs = top.get('jobs', true) as Node | undefined
  if (!jobs) throw notJobs(placeOf(source, top))
  for (const { key } of top.items) {
    const name = String(key)
    if (name !== 'jobs' && name !== 'defaults') throw strayKey(name, placeOf(source, key, `key "${name}"`))
  }
  if (!isSeq(jobs)) throw notJobs(placeOf(source, jobs, 'key "jobs"'))
  const defaults = top.get('defaults', true) as Node | undefined
  return { jobs: jobs.items as Node[], ...(defaults && { defaults }) }
}

function readRow(source: Source, node: Node, shared: readonly Cell[]): Row {
  const origin = source.places.lineAt(node.range?.[0] ?? 0)
  return makeRow(origin, () => withShared(cellsOf(source, node, false), shared))
}

/** `within` are the maps that merge this one in: a map must not be among them. */
function cellsOf(source: Source, node: Node, shared: boolean, within: readonly Node[] = []): Cell[] {
  const value = resolved(source, node)
  if (isScalar(value) && typeof value.value === 'string' && !shared) {
    const where = placeOf(source, node, 'prompt')
    return [{ key: 'prompt', value: value.value, typed: true, where, keyWhere: where }]
  }
  if (!isMap(value)) throw notAJob(placeOf(source, node))
  if (within.includes(value)) {
    throw new ComfyRunError('bad-row', 'a map can not be merged into itself', {
      where: placeOf(source, node),
    })
  }
  return mapCells(source, value, shared, [...within, value])
}

/** The cells of a map; what it merges in comes first, without the keys that it has itself. */
function mapCells(source: Source, map: YAMLMap, shared: boolean, within: readonly Node[]): Cell[] {
  const own: Cell[] = []
  const merged: Cell[] = []
  for (const { key, value } of map.items) {
    if (isScalar(key) && typeof key.value === 'symbol') {
      const from = resolved(source, value as Node)
      const maps = isSeq(from) ? (from.items as Node[]) : [value as Node]
      for (const one of maps) merged.push(...cellsOf(source, one, shared, within))
      continue
    }
    const cell = cellOf(source, key as Node, value as Node | null, shared)
    if (cell) own.push(cell)
  }
  const keys = new Set(own.map(({ key }) => key))
  const inherited = merged.filter(({ key }) => !keys.has(key) && keys.add(key))
  return [...inherited, ...own]
}

function cellOf(source: Source, key: Node, node: Node | null, shared: boolean): Cell | undefined {
  const name = String(isScalar(key) ? key.value : key)
  const label = `key "${name}"`
  if (node === null) return undefined
  const where = placeOf(source, node, label)
  const value = jsonOf(unpacked(source, node, where), where)
  if (value === null) return undefined
  return {
    key: name,
    value,
    typed: true,
    ...(shared && { shared }),
    where,
    keyWhere: placeOf(source, key, label),
  }
}

/** Throws `bad-value` for aliases of aliases that would grow to billions of values. */
function unpacked({ document }: Source, node: Node, where: Where): unknown {
  try {
    return node.toJS(document) as unknown
  } catch (cause) {
    if (!(cause instanceof ReferenceError) && !(cause instanceof RangeError)) throw cause
    throw new ComfyRunError('bad-value', 'this is nested too deep, or its aliases unpack to too much', {
      where,
      cause,
    })
  }
}

/** A value as JSON has it: integers that fit a double as numbers; no NaN, infinities or binary data. */
function jsonOf(value: unknown, where: Where): JsonValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value)) return value.map((item) => jsonOf(item, where))
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item, where)]))
  }
  throw new ComfyRunError('bad-value', `${describe(value)} is no value that a workflow can hold`, { where })
}

function resolved(source: Source, node: Node): Node {
  return isAlias(node) ? (node.resolve(source.document) ?? node) : node
}

function placeOf(source: Source, node: unknown, label?: string): Where {
  const range = (node as Node | null)?.range
  return source.places.at(range?.[0] ?? 0, range?.[1] ?? 1, label)
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : 'this'
}
