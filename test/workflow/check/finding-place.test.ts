import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findingPlaces } from '../../../src/workflow/check/finding-place.ts'
import type { Finding } from '../../../src/workflow/check/finding.ts'

const text = `{
  "3": { "class_type": "KSampler",
         "inputs": { "steps": 0, "model": ["4", 0] } }
}`

function place(json: string, at: Partial<Finding>): string {
  const { file, line, column, length } = findingPlaces(
    json,
    'a.json',
  )({
    code: 'wrong-type',
    severity: 'error',
    message: '',
    ...at,
  })
  return [file, line, column, length].filter((part) => part !== undefined).join(':')
}

test('a finding stands at its value, at the class’s name, or at the node that lacks the input', () => {
  assert.equal(place(text, { node: '3', input: 'steps' }), 'a.json:3:31:1')
  assert.equal(place(text, { node: '3', input: 'model' }), 'a.json:3:43:8')
  assert.equal(place(text, { node: '3' }), 'a.json:2:24:10')
  assert.equal(place(text, { node: '3', input: 'seed' }), 'a.json:2:3:3')
  assert.equal(place(text, {}), 'a.json')
})

test('also in the body of a POST, and with a byte order mark', () => {
  assert.equal(place(`{"prompt":\n${text}}`, { node: '3', input: 'steps' }), 'a.json:4:31:1')
  assert.equal(place(`\uFEFF${text}`, { node: '3', input: 'steps' }), 'a.json:3:31:1')
})

test('only the file for what is no API-format text', () => {
  assert.equal(place('\x89PNG', { node: '3' }), 'a.json')
  assert.equal(place('{"nodes": [], "links": []}', { node: '3' }), 'a.json')
})
