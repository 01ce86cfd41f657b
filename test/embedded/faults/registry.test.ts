import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { FaultKind } from '../../../src/embedded/faults/fault.ts'
import { parseFaults } from '../../../src/embedded/faults/parse.ts'
import { faultKinds } from '../../../src/embedded/faults/registry.ts'

/** A fault with what it has if nothing is said, as a user would write it. */
function written({ name, place = {}, magnitude = {} }: FaultKind): string {
  const places = Object.entries(place).map(([at, count]) => `@${at}:${count}`)
  const { time, share, count, text } = magnitude
  const parts = [
    count,
    time !== undefined && `${time}ms`,
    share !== undefined && `${share * 100}%`,
    text,
  ].filter((part) => part !== undefined && part !== false)
  return [name + places.join(''), ...parts].join(':')
}

function row(kind: FaultKind): string {
  const times = kind.times === Infinity ? 'always' : kind.times === undefined ? 'once' : `${kind.times} times`
  return `| \`${written(kind)}\` | ${times} | ${kind.summary} |`
}

test('docs/faults.md lists every fault, as it is', async () => {
  const page = await readFile(new URL('../../../docs/faults.md', import.meta.url), 'utf8')
  const rows = page
    .split('\n')
    .filter((line) => /^\| `[a-z0-9-]+[`@:].* \| (?:once|always|\d+ times) \|/.test(line))
  assert.deepEqual(rows, faultKinds.map(row))
})

test('no name is given twice, and each fault can be written with what it has', () => {
  assert.equal(new Set(faultKinds.map(({ name }) => name)).size, faultKinds.length)
  for (const kind of faultKinds) {
    const [fault] = parseFaults([written(kind)])
    const [plain] = parseFaults([kind.name])
    assert.deepEqual(fault, plain)
  }
})
