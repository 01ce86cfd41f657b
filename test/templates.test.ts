import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError } from '../src/errors.ts'
import { fillTemplate, parseTemplate } from '../src/templates.ts'

const known = ['path', 'seed', 'job']

function filled(template: string): string {
  const values: Record<string, string | number> = { path: 'out/ä𝒳.png', job: 7 }
  return fillTemplate(parseTemplate(template, { what: 'template', names: known }), (name) => values[name])
}

function fault(template: string): ComfyRunError {
  try {
    parseTemplate(template, { what: 'print template', names: known })
  } catch (error) {
    if (error instanceof ComfyRunError) return error
  }
  throw new assert.AssertionError({ message: `${template} was taken` })
}

test('texts, values, widths, fallbacks and braces', () => {
  assert.equal(filled('{path}, {job}.'), 'out/ä𝒳.png, 7.')
  assert.equal(filled('{path:6} {job:03}'), 'out/ä𝒳 007')
  assert.equal(filled('<{seed}> {seed|none} {job|none}'), '<> none 7')
  assert.equal(filled('{{"path": "{path}"}}'), '{"path": "out/ä𝒳.png"}')
  assert.equal(filled(''), '')
})

test('what is unknown or unpaired is a wrong option', () => {
  const unknown = fault('{sed}')
  assert.deepEqual([unknown.code, unknown.exitCode], ['bad-option', 2])
  assert.equal(unknown.message, 'print template "{sed}": there is no placeholder {sed}')
  assert.equal(unknown.hint, 'did you mean "seed"?')
  assert.equal(fault('{constructor}').hint, 'there are path, seed, job')
  assert.match(fault('a } b').message, /"\}" has no partner/)
  assert.match(fault('{path').message, /"\{" has no partner/)
  assert.match(fault('{path:x}').message, /is not a placeholder/)
})
