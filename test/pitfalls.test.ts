import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The numbers behind `pitfall` or `pitfalls`: `pitfall 3`, `pitfalls 24 and 26`. */
function numbersIn(text: string): number[] {
  const mentions = text.match(/pitfalls? \d+(?:(?:, | and )\d+)*/g) ?? []
  return mentions.flatMap((mention) => mention.match(/\d+/g) ?? []).map(Number)
}

test('each pitfall of the protocol notes has a test that names it, or a reason why it cannot apply', () => {
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('pitfalls.test.ts'))
    .map((name) => join('test', name))
  const named = new Set(
    [...tests, 'docs/faults.md'].flatMap((file) => numbersIn(readFileSync(join(root, file), 'utf8'))),
  )
  const missing = Array.from({ length: 57 }, (_, index) => index + 1).filter((number) => !named.has(number))
  assert.deepEqual(missing, [])
})
