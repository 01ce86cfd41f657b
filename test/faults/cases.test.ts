import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFaults } from '../../src/embedded/faults/parse.ts'
import { faultKinds } from '../../src/embedded/faults/registry.ts'
import { cases } from './cases.ts'

test('every fault has a row in the matrix, and every row can be read', () => {
  const tried = new Set(cases.flatMap(({ fault }) => parseFaults([fault]).map(({ kind }) => kind.name)))
  assert.deepEqual([...tried].sort(), faultKinds.map(({ name }) => name).sort())
  assert.ok(faultKinds.length >= 45)
})

test('every scenario that a fake server should offer has a fault', () => {
  // Appendix B of the protocol notes; the embedded server itself is the new profile (4).
  const scenarios = new Set(faultKinds.map(({ scenario }) => scenario))
  assert.deepEqual(
    [...scenarios].sort((a, b) => a - b),
    [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  )
})
