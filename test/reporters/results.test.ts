import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resultText } from '../../src/reporters/results.ts'
import { finished, saved } from './story.ts'

test('paths and texts are results; previews and all else are not', () => {
  assert.equal(resultText(saved(1)), 'out/fox_1.png\n')
  const file = { type: 'file-saved', job: 1, path: 'out/x.png', bytes: 1, sha256: 'ab', node: '9' } as const
  assert.equal(resultText({ ...file, kind: 'temp' }), 'out/x.png\n')
  assert.equal(resultText({ ...file, kind: 'preview' }), undefined)
  assert.equal(resultText({ type: 'text-output', job: 1, node: '2', text: 'a\n\x1B[31mb' }), 'a\nb\n')
  assert.equal(resultText({ type: 'text-output', job: 1, node: '2', text: 'a\n' }), 'a\n')
  assert.equal(resultText(finished(1)), undefined)
})
