import assert from 'node:assert/strict'
import { test } from 'node:test'
import { combineMasks, cropMask, featherMask, spreadMask } from '../../../src/embedded/nodes/mask-work.ts'
import type { MaskFrame } from '../../../src/embedded/nodes/values.ts'

function mask(rows: ReadonlyArray<readonly number[]>): MaskFrame {
  return { width: rows[0]?.length ?? 0, height: rows.length, data: Buffer.from(rows.flat()) }
}

function rowsOf({ width, height, data }: MaskFrame): number[][] {
  return Array.from({ length: height }, (_, y) => [...data.subarray(y * width, (y + 1) * width)])
}

const dot = mask([
  [0, 0, 0],
  [0, 90, 0],
  [0, 0, 0],
])

test('a mask spreads as a cross or as a square, and shrinks', () => {
  assert.deepEqual(rowsOf(spreadMask(dot, 1, true)), [
    [0, 90, 0],
    [90, 90, 90],
    [0, 90, 0],
  ])
  const square = spreadMask(dot, 1, false)
  assert.ok(
    rowsOf(square)
      .flat()
      .every((value) => value === 90),
  )
  assert.ok(spreadMask(dot, -1, true).data.every((value) => value === 0))
  assert.ok(spreadMask(dot, 16384, true).data.equals(square.data), 'stops when all is covered')
})

// Under 200, over 100; ComfyUI takes what is above one half as set.
for (const [operation, expected] of [
  ['multiply', 78],
  ['add', 255],
  ['subtract', 100],
  ['and', 0],
  ['or', 255],
  ['xor', 255],
] as const) {
  test(`masks combined by ${operation}, only where they overlap`, () => {
    const made = combineMasks(mask([[200, 200]]), mask([[100, 100]]), 1, 0, operation)
    assert.deepEqual(rowsOf(made), [[200, expected]])
  })
}

test('a part is cut out; what lies outside is left out', () => {
  const rows = mask([
    [1, 2, 3],
    [4, 5, 6],
  ])
  assert.deepEqual(rowsOf(cropMask(rows, { left: 1, top: 1, width: 9, height: 9 })), [[5, 6]])
})

test('sides fade; from the right the first column takes the first step, as in ComfyUI', () => {
  const row = mask([[200, 200, 200, 200, 200, 200]])
  const none = { left: 0, top: 0, right: 0, bottom: 0 }
  assert.deepEqual(rowsOf(featherMask(row, { ...none, left: 4 })), [[50, 100, 150, 200, 200, 200]])
  assert.deepEqual(rowsOf(featherMask(row, { ...none, right: 4 })), [[50, 200, 200, 200, 150, 100]])
})
