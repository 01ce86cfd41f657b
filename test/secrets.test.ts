import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepSecret, redact } from '../src/secrets.ts'

test('declared secrets are replaced, also as addresses and JSON write them', () => {
  keepSecret('pä"ss/1')
  for (const form of ['pä"ss/1', 'p%C3%A4%22ss%2F1', String.raw`pä\"ss/1`]) {
    assert.equal(redact(`a ${form} b`), 'a *** b')
  }
})

test('of a secret that begins as another does nothing is left', () => {
  keepSecret('abcd')
  keepSecret('abcd-efgh')
  assert.equal(redact('abcd-efgh abcd'), '*** ***')
})

test('what stands before the host of an address is replaced, however often it has an @', () => {
  assert.equal(
    redact('http://user:p@ss@host/a?b=c@d https://token@host'),
    'http://***@host/a?b=c@d https://***@host',
  )
  assert.equal(redact('see http://host/a@b'), 'see http://host/a@b')
})

test('short values would hide ordinary text', () => {
  keepSecret('abc')
  assert.equal(redact('abc'), 'abc')
})

test('a long text takes no longer than any other', { timeout: 5000 }, () => {
  const text = 'a-'.repeat(500_000)
  assert.equal(redact(text), text)
})
