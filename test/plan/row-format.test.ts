import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sniffFormat } from '../../src/plan/row-format.ts'

test('the beginning of a text tells its format', () => {
  const cases: [text: string, format: string][] = [
    ['  [{"prompt": "a"}]', 'json'],
    ['{"jobs": []}', 'json'],
    ['{\n  "jobs": []\n}', 'json'],
    ['{"prompt": "a"}\n{"prompt": "b"}\n', 'jsonl'],
    ['{"prompt": "a"}\n{broken', 'jsonl'],
    ['{broken', 'json'],
    ['# jobs\n\nprompt,steps\na,2\n', 'csv'],
    ['"seed";"6.text"\n1;a\n', 'csv'],
    ['prompt\na\n', 'csv'],
    ['a cat, wet\na dog\n', 'text'],
    ['seed\n', 'text'],
    ['', 'text'],
  ]
  for (const [text, format] of cases) assert.equal(sniffFormat(text), format, JSON.stringify(text))
})
