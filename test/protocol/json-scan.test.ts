import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { JsonFault, scanDocument } from '../../src/protocol/json-scan.ts'

test('whatever JSON.parse takes is scanned, and the places of its children are theirs', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      const scanned = scanDocument(text)
      const slice = ({ start, end }: { start: number; end: number }): unknown =>
        JSON.parse(text.slice(start, end))
      if (scanned.kind === 'object') {
        const entries = scanned.entries.map(({ key, valueSpan }) => [key, slice(valueSpan)])
        assert.deepEqual(Object.fromEntries(entries), JSON.parse(text))
        for (const { key, keySpan } of scanned.entries) assert.equal(slice(keySpan), key)
      } else {
        assert.deepEqual(
          scanned.kind === 'array' ? scanned.items.map(slice) : slice(scanned),
          JSON.parse(text),
        )
      }
    }),
  )
})

test('whatever JSON.parse refuses is refused, and nothing else', () => {
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', ':', '\\', '\u0007', '0', '-', 'é'))
    .map(([text, at, insert]) => {
      const cut = at % (text.length + 1)
      return text.slice(0, cut) + insert + text.slice(cut + 1)
    })
  fc.assert(
    fc.property(damaged, (text) => {
      assert.equal(accepts(scanDocument, text), accepts(JSON.parse, text))
    }),
    { numRuns: 500 },
  )
})

test('a fault is told at the character that is wrong', () => {
  const cases: [text: string, offset: number][] = [
    ['', 0],
    ['[1 2]', 3],
    ['[1,]', 3],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ['[1] x', 4],
    ['["a\nb"]', 1],
    ['[NaN]', 1],
    ['[01]', 2],
  ]
  for (const [text, offset] of cases) {
    assert.throws(
      () => scanDocument(text),
      (error) => error instanceof JsonFault && error.offset === offset,
      text,
    )
  }
})

function accepts(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}
