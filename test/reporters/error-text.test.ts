import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError } from '../../src/errors.ts'
import { formatError } from '../../src/reporters/error-text.ts'

const plain = { color: false }

test('an error shows what, where and what to do', () => {
  const error = new ComfyRunError('value-not-in-list', 'no sampler is called "dpmpp_3m_sed"', {
    where: {
      file: 'shots.csv',
      line: 17,
      column: 10,
      length: 12,
      text: 'red fox,,dpmpp_3m_sed,24',
      label: 'column "sampler"',
    },
    hint: 'did you mean "dpmpp_3m_sde"?',
  })
  assert.equal(
    formatError(error, plain),
    `error: no sampler is called "dpmpp_3m_sed"            [value-not-in-list]
  --> shots.csv:17:10  column "sampler"
  17 | red fox,,dpmpp_3m_sed,24
     |          ^^^^^^^^^^^^
  hint: did you mean "dpmpp_3m_sde"?`,
  )
})

test('the least error is one line; a long message pushes its code along', () => {
  assert.equal(
    formatError({ code: 'no-output', message: 'nothing' }, plain),
    'error: nothing                                        [no-output]',
  )
  const message = 'x'.repeat(60)
  assert.equal(formatError({ code: 'no-output', message }, plain), `error: ${message}  [no-output]`)
})

test('places with less to show', () => {
  const show = (where: object): string[] =>
    formatError({ code: 'bad-value', message: 'm', where: { file: 'a.csv', ...where } }, plain)
      .split('\n')
      .slice(1)
  assert.deepEqual(show({}), ['  --> a.csv'])
  assert.deepEqual(show({ label: 'cell 3' }), ['  --> a.csv  cell 3'])
  assert.deepEqual(show({ line: 3, column: 4 }), ['  --> a.csv:3:4'])
  assert.deepEqual(show({ line: 3, text: 'fox' }), ['  --> a.csv:3', '  3 | fox'])
})

test('more lines of a message, details and hints are indented', () => {
  const error = {
    code: 'node-failed',
    message: 'one\ntwo',
    details: ['three', 'four\nfive'],
    hint: 'six\nseven',
  } as const
  assert.deepEqual(formatError(error, plain).split('\n').slice(1), [
    '  two',
    '  three',
    '  four',
    '  five',
    '  hint: six',
    '        seven',
  ])
})

test('nothing from a server reaches the terminal as a command', () => {
  const evil = '\x1B]0;title\x07\x1B[2Jx'
  const where = { file: evil, line: 1, column: 1, text: evil, label: evil }
  const text = formatError({ code: 'node-failed', message: evil, details: [evil], hint: evil, where }, plain)
  assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u)
})

test('colours mark the parts and change no text', () => {
  const error = {
    code: 'bad-value',
    message: 'm',
    where: { file: 'a', line: 1, column: 1, text: 'x' },
    hint: 'h',
  } as const
  const colored = formatError(error, { color: true })
  assert.ok(colored.startsWith('\x1B[1m\x1B[31merror:'))
  // oxlint-disable-next-line no-control-regex
  assert.equal(colored.replaceAll(/\x1B\[\d+m/g, ''), formatError(error, plain))
})
