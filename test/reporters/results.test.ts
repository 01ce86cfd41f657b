import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunEvent } from '../../src/events.ts'
import { parsePrintTemplate } from '../../src/reporters/print-template.ts'
import { Results } from '../../src/reporters/results.ts'
import { ended, finished, sampling, saved, started } from './story.ts'

function told(events: readonly RunEvent[], template?: string): string {
  const results = new Results(template === undefined ? undefined : parsePrintTemplate(template))
  return events.map((event) => results.tell(event) ?? '').join('')
}

const file = { type: 'file-saved', job: 1, path: 'out/x.png', bytes: 1, sha256: 'ab', node: '9' } as const

test('paths and texts are results; previews and all else are not', () => {
  assert.equal(told([saved(1)]), 'out/fox_1.png\n')
  assert.equal(told([{ ...file, kind: 'temp' }]), 'out/x.png\n')
  assert.equal(told([{ ...file, kind: 'preview' }]), '')
  assert.equal(told([{ type: 'text-output', job: 1, node: '2', text: 'a\n\x1B[31mb' }]), 'a\nb\n')
  assert.equal(told([{ type: 'text-output', job: 1, node: '2', text: 'a\n' }]), 'a\n')
  assert.equal(told([finished(1)]), '')
})

test('with a template each file gets its line when its job has ended', () => {
  const events = [started(2), ...sampling(1, 1), saved(1), ...sampling(2, 1), saved(2), saved(2, 'out/b.png')]
  assert.equal(told(events, '{path}'), '')
  const ends = [finished(2, { seed: '18446744073709551615' }), finished(1), ended(2)]
  assert.equal(
    told([...events, ...ends], '{job:03} {name} {path} {seed|none} {seconds} {server} {kind} {bytes}'),
    '002 fox_2 out/fox_2.png 18446744073709551615 12.3 http://gpu output 9\n' +
      '002 fox_2 out/b.png 18446744073709551615 12.3 http://gpu output 9\n' +
      '001 fox_1 out/fox_1.png none 12.3 http://gpu output 9\n',
  )
})

test('a file that a second attempt saves again has one line; previews have none, texts stay', () => {
  const text: RunEvent = { type: 'text-output', job: 1, node: '2', text: 'hello' }
  const events = [saved(1), text, saved(1), { ...file, kind: 'preview' } as const, finished(1)]
  assert.equal(told(events, '<{path}>'), 'hello\n<out/fox_1.png>\n')
})

test('a prompt that an earlier run sent has the server that is connected', () => {
  const connected: RunEvent = { type: 'server-connected', server: 'http://gpu', rehearsal: false }
  assert.equal(told([connected, saved(1), finished(1)], '{server}'), 'http://gpu\n')
})
