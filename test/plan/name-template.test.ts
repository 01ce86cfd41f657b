import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseNameTemplate } from '../../src/plan/name-template.ts'
import { failureOf } from './helpers.ts'

test('texts and placeholders come in order', () => {
  assert.deepEqual(parseNameTemplate('a/{index:04}-{{x}}{row.shot name:12|no: shot}{sampler|}'), [
    'a/',
    { name: 'index', width: 4 },
    '-',
    '{',
    'x',
    '}',
    { name: 'row.shot name', width: 12, fallback: 'no: shot' },
    { name: 'sampler', fallback: '' },
  ])
})

test('an unknown placeholder is refused with what may have been meant', async () => {
  const { code, message, hint } = await failureOf(() => parseNameTemplate('{promt}_{seed}'))
  assert.equal(code, 'bad-option')
  assert.match(message, /\{promt\}/)
  assert.equal(hint, 'did you mean "prompt"?')
})

test('stray braces and broken placeholders are refused, with the place of the template', async () => {
  const where = { file: 'jobs.csv', line: 3 }
  for (const template of ['{', 'a}', '{seed', '{{seed}', '{}', '{row.}', '{seed:x}', '{prompt:9999}']) {
    const error = await failureOf(() => parseNameTemplate(template, where))
    assert.equal(error.code, 'bad-option', template)
    assert.deepEqual(error.where, where)
  }
})
