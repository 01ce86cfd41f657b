import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileLabel } from '../../src/comfy/file-label.ts'

test('long names are cut', () => {
  assert.equal(fileLabel('fox.png'), 'fox.png')
  assert.equal(fileLabel('x'.repeat(4000)), `${'x'.repeat(100)}…`)
})
