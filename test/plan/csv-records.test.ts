import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { CsvScanner, type CsvRecord } from '../../src/plan/csv-records.ts'

function scan(text: string, size = text.length + 1, delimiter = ','): CsvRecord[] {
  const scanner = new CsvScanner(delimiter)
  const records: CsvRecord[] = []
  for (let at = 0; at < text.length; at += size) records.push(...scanner.feed(text.slice(at, at + size)))
  return [...records, ...scanner.feed('', true)]
}

/** What an independent reader makes of it; undefined if it refuses the text. */
function reference(text: string): string[][] | undefined {
  try {
    return parse(text, {
      comment: '#',
      comment_no_infix: true,
      relax_column_count: true,
      trim: true,
      record_delimiter: '\n',
    })
  } catch {
    return undefined
  }
}

test('records are found with their lines, over comments and line breaks in quotes', () => {
  const records = scan('a,"b ""c""\nd"\r\n# note\n e ,\n')
  assert.deepEqual(records, [
    { fields: ['a', 'b "c"\nd'], raw: 'a,"b ""c""\nd"\r\n', line: 1 },
    { fields: ['e', ''], raw: ' e ,\n', line: 4 },
  ])
})

test('a stray quote spoils its line, an open one the rest', () => {
  const records = scan('a,b"c\nd,e\n"f" g,h\ni,"j\nk')
  assert.deepEqual(
    records.map(({ line, fault }) => [line, fault]),
    [
      [1, { kind: 'stray-quote', field: 1 }],
      [2, undefined],
      [3, { kind: 'stray-quote', field: 0 }],
      [4, { kind: 'open-quote', field: 1 }],
    ],
  )
})

test('any text is read alike in pieces of any size, and as another reader reads it', () => {
  const text = fc.array(fc.constantFrom('"', '""', ',', '\n', '\r\n', ' ', '\n#', 'a', 'é🌊', '\t'), {
    maxLength: 24,
  })
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const whole = parts.join('')
      const records = scan(whole)
      assert.deepEqual(scan(whole, size), records)
      const expected = reference(whole)
      const isFilled = (fields: readonly string[]): boolean => fields.some((field) => field !== '')
      // The other reader lets some stray quotes pass; never the other way round.
      if (records.some(({ fault }) => fault)) return
      assert.deepEqual(records.map(({ fields }) => fields).filter(isFilled), expected?.filter(isFilled))
    }),
    { numRuns: 2000 },
  )
})

test('a quoted text that comes in many pieces takes no time', () => {
  const records = scan(`a,"${'x\n'.repeat(500_000)}"\nb`, 1000)
  assert.deepEqual(
    records.map(({ line }) => line),
    [1, 500_002],
  )
})
