import assert from 'node:assert/strict'
import { ComfyRunError, type Where } from '../../src/errors.ts'
import type { Row } from '../../src/plan/row.ts'

/** A text as a stream gives it, cut into pieces of `size` characters. */
export async function* pieces(text: string, size = 7): AsyncGenerator<string> {
  const characters = Array.from(text)
  for (let at = 0; at < characters.length; at += size) yield characters.slice(at, at + size).join('')
}

/** Walks rows to the end. */
export async function all<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** A row as plain `{key: value}`. */
export function valuesOf(row: Row): Record<string, unknown> {
  return Object.fromEntries(row.cells.map(({ key, value }) => [key, value]))
}

/** The cell of a row that has `key`. */
export function cellOf(row: Row | undefined, key: string): Row['cells'][number] {
  const cell = row?.cells.find((one) => one.key === key)
  assert.ok(cell, `the row has no ${key}`)
  return cell
}

/** The characters that a place points at, from its own line. */
export function pointedAt(where: Where | undefined): string {
  assert.ok(where?.text !== undefined && where.column !== undefined, 'the place shows no line')
  return Array.from(where.text)
    .slice(where.column - 1, where.column - 1 + (where.length ?? 1))
    .join('')
}

/** The ComfyRunError that `work` throws. */
export async function failureOf(work: () => unknown): Promise<ComfyRunError> {
  try {
    await work()
  } catch (error) {
    assert.ok(error instanceof ComfyRunError, `not a ComfyRunError: ${String(error)}`)
    return error
  }
  assert.fail('nothing was thrown')
}
