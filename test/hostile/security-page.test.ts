import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

const folder = new URL('./', import.meta.url)
const page = readFileSync(new URL('../../docs/security.md', folder), 'utf8')

/** The first cells of all tables. */
function casesOnPage(): string[] {
  const rows = page.split('\n').filter((line) => /^\| (?!what happens)/.test(line))
  return rows.map((row) => (row.split(' | ')[0] ?? '').replace(/^\| /, '').replaceAll('\\_', '_'))
}

/** The names of all tests of this folder but those of this file. */
function testNames(): string[] {
  const files = readdirSync(folder).filter(
    (name) => name.endsWith('.test.ts') && name !== 'security-page.test.ts',
  )
  return files.flatMap((file) => {
    const source = readFileSync(new URL(file, folder), 'utf8')
    return Array.from(
      source.matchAll(/^test\(\s*(?:'([^']+)'|"([^"]+)")/gm),
      ([, name, other]) => name ?? other ?? '',
    )
  })
}

test('the README says how many there are', () => {
  const readme = readFileSync(new URL('../../README.md', folder), 'utf8')
  assert.equal(Number(/(\d+) hostile cases/.exec(readme)?.[1]), testNames().length)
})

test('every case is named on the security page, and every named case has a test', () => {
  assert.deepEqual(casesOnPage().toSorted(), testNames().toSorted())
})
