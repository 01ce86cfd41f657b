import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { errorCodes } from '../../src/errors.ts'
import { eventFormat } from '../../src/events.ts'
import { schemaFaults, type Schema } from '../rig/json-schema.ts'
import { ended, finished, sampling, saved, started } from './story.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const schema = JSON.parse(read('schemas/events.schema.json')) as Schema

/** The interfaces of a source file that our events are made of: their fields, as the source has them. */
function interfacesOf(source: string): Map<string, { readonly type?: string; readonly fields: string[] }> {
  const found = new Map<string, { readonly type?: string; readonly fields: string[] }>()
  for (const [, name = '', body = ''] of source.matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)) {
    const fields = Array.from(body.matchAll(/^ {2}readonly (\w+\??):/gm), ([, field = '']) => field)
    const type = /^ {2}readonly type: '([\w-]+)'$/m.exec(body)?.[1]
    found.set(name, { ...(type !== undefined && { type }), fields })
  }
  return found
}

function fieldsOf({ properties = {}, required = [] }: Schema): string[] {
  return Object.keys(properties).map((key) => (required.includes(key) ? key : `${key}?`))
}

const interfaces = interfacesOf(read('src/events.ts'))
const events = [...interfaces.values()].filter(({ type }) => type !== undefined)

test('the schema has every event, with the fields that the source has', () => {
  assert.ok(events.length >= 20)
  const listed = schema.oneOf?.map(({ $ref = '' }) => $ref.replace('#/$defs/', ''))
  assert.deepEqual(listed?.toSorted(), events.map(({ type = '' }) => type).toSorted())
  for (const { type = '', fields } of events) {
    const form = schema.$defs?.[type]
    assert.equal(form?.properties?.['type']?.const, type)
    assert.deepEqual(fieldsOf(form).toSorted(), fields.toSorted(), type)
  }
})

test('errors and places are as the source has them', () => {
  const where = interfacesOf(read('src/errors.ts')).get('Where')
  for (const [name, source] of [
    ['error', interfaces.get('ErrorData')],
    ['origin', interfaces.get('JobOrigin')],
    ['where', where],
  ] as const) {
    assert.deepEqual(fieldsOf(schema.$defs?.[name] ?? {}).toSorted(), source?.fields.toSorted(), name)
  }
  const { pattern = '' } = schema.$defs?.['error']?.properties?.['code'] ?? {}
  for (const code of Object.keys(errorCodes)) assert.match(code, new RegExp(pattern))
})

test('the format of the schema is that of the events', () => {
  assert.equal(schema.$defs?.['run-started']?.properties?.['format']?.const, eventFormat)
})

test('every event is documented, with all of its fields', () => {
  const page = read('docs/json-events.md')
  for (const { type = '', fields } of events) {
    const row = page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${type}\``))
    assert.ok(row !== undefined, `docs/json-events.md says nothing of ${type}`)
    for (const field of fields) {
      const name = field.replace('?', '')
      assert.ok(name === 'type' || row.includes(`\`${name}\``), `${type}: no word of ${name}`)
    }
  }
})

test('events as they are told are valid', () => {
  const sha256 = 'ab'.repeat(32)
  const origin = { file: 'shots.csv', line: 3 }
  const where = { file: 'a.csv', line: 1, column: 2, text: 'x', length: 1, label: 'column "x"' }
  const error = { code: 'bad-value', message: 'm', hint: 'h', details: ['d'], where } as const
  const told = [
    started(2),
    ...sampling(1, 3),
    { ...saved(1), sha256 },
    finished(1, { seed: '18446744073709551615', origin }),
    finished(2, { status: 'failed', error }),
    ended(2, { error }),
    { type: 'server-connected', server: 's', rehearsal: false },
    { type: 'server-lost', server: 's', reason: 'r' },
    { type: 'server-recovered', server: 's' },
    { type: 'server-warning', server: 's', message: 'm' },
    { type: 'job-warning', job: 1, message: 'm' },
    { type: 'node-text', job: 1, node: '57:8', text: '' },
  ]
  for (const event of told) assert.deepEqual(schemaFaults(schema, event), [], JSON.stringify(event))
})

test('what is no event is found out', () => {
  const wrong: unknown[] = [
    null,
    [],
    {},
    { type: 'no-event' },
    { ...started(2), format: 2 },
    { ...started(2), jobs: 1.5 },
    { ...started(2), more: true },
    { ...finished(1), status: 'odd' },
    { ...finished(1), seed: 5 },
    { ...finished(1), files: [1] },
    { ...finished(1), error: { code: 'Bad Code', message: 'm' } },
    { ...finished(0) },
    { type: 'job-started' },
  ]
  for (const event of wrong) assert.notDeepEqual(schemaFaults(schema, event), [], JSON.stringify(event))
})
