import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../../../src/workflow/check/finding.ts'
import { findingsOfAll } from '../../../src/workflow/check/several-servers.ts'

const missing = (input: string): Finding => ({
  code: 'missing-model',
  severity: 'error',
  node: '4',
  input,
  message: `no ${input}`,
})

test('an error is what no server would run; what some would is a warning that names the others', () => {
  const a = { source: 'http://a', findings: [missing('vae'), missing('lora')] }
  const b = { source: 'http://b', findings: [missing('lora'), missing('clip')] }
  const found = findingsOfAll([a, b])
  assert.deepEqual(
    found.map(({ severity, message }) => [severity, message]),
    [
      ['warning', 'on http://a: no vae'],
      ['error', 'no lora'],
      ['warning', 'on http://b: no clip'],
    ],
  )
})

test('of one server everything stays as it is', () => {
  assert.deepEqual(findingsOfAll([{ source: 'x', findings: [missing('vae')] }]), [missing('vae')])
})
