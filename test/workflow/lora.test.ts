import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLora } from '../../src/workflow/lora.ts'
import { failure } from './helpers.ts'

test('a name, with or without a strength', () => {
  for (const [text, name, strength] of [
    ['ink.safetensors', 'ink.safetensors', undefined],
    ['styles/ink.safetensors:0.8', 'styles/ink.safetensors', 0.8],
    ['styles\\ink.safetensors:-1', 'styles\\ink.safetensors', -1],
    [' a:b.safetensors:.5 ', 'a:b.safetensors', 0.5],
    ['C:\\ink.safetensors', 'C:\\ink.safetensors', undefined],
    ['ink:0', 'ink', 0],
  ] as const) {
    assert.deepEqual(parseLora(text), strength === undefined ? { name } : { name, strength }, text)
  }
})

test('what is neither is refused', () => {
  for (const text of ['', ':0.5', 'ink:', 'ink:strong', 'ink: ', 'ink:Infinity']) {
    assert.equal(failure(() => parseLora(text)).code, 'bad-value', text)
  }
})
