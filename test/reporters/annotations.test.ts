import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { annotation, errorAnnotation } from '../../src/reporters/annotations.ts'

const error = { code: 'bad-value', message: 'no sampler is called "x"' } as const

test('an error with its place, as GitHub reads it', () => {
  const where = { file: 'jobs/shots.csv', line: 17, column: 42, text: 'a,b', length: 3 }
  assert.equal(
    errorAnnotation({ ...error, where, hint: 'did you mean "y"?', details: ['one', 'two'] }),
    '::error file=jobs/shots.csv,line=17,col=42,title=comfy-run%3A bad-value::' +
      'no sampler is called "x"%0Aone%0Atwo%0Ahint: did you mean "y"?',
  )
})

test('an error without a place of its own stands at its row', () => {
  const origin = { file: 'shots.csv', line: 3 }
  assert.match(errorAnnotation(error, undefined, origin), /^::error file=shots\.csv,line=3,title=/)
  const where = { file: 'flux.json', line: 9, column: 2 }
  assert.match(
    errorAnnotation({ ...error, where }, undefined, origin),
    /^::error file=flux\.json,line=9,col=2,/,
  )
})

test('what is no file has no place', () => {
  for (const file of ['command line', 'stdin']) {
    assert.match(errorAnnotation({ ...error, where: { file, line: 1 } }), /^::error title=/)
  }
})

test('files are named as they lie in the checkout', () => {
  const at = (file: string, workspace: string): string =>
    /file=([^,]*),/.exec(errorAnnotation({ ...error, where: { file } }, workspace))?.[1] ?? ''
  assert.equal(at('shots.csv', resolve('..')), `${resolve('.').split(/[\\/]/).at(-1)}/shots.csv`)
  assert.equal(at(resolve('jobs/shots.csv'), resolve('.')), 'jobs/shots.csv')
  assert.equal(at('../shots.csv', resolve('.')), '../shots.csv')
  assert.equal(at('..shots.csv', resolve('.')), '..shots.csv')
})

test('nothing in a text ends its field, or begins another command', () => {
  const where = { file: 'a,b:c%.csv', line: 1 }
  assert.equal(
    annotation({ level: 'warning', title: 't,::x', message: '100%\r\n::error::\x1B[31mred', where }),
    '::warning file=a%2Cb%3Ac%25.csv,line=1,title=t%2C%3A%3Ax::100%25%0A::error::red',
  )
})
