import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError } from '../src/errors.ts'
import { expectationText, jobExpectations, parseExpectations, shortFormat } from '../src/expectations.ts'

test('each check is read, with its text as it was written', () => {
  assert.deepEqual(parseExpectations('images>=1; images = 4;images<=9; size=1024x768 ; Not-Blank'), [
    { check: 'images', comparison: '>=', count: 1, text: 'images>=1' },
    { check: 'images', comparison: '=', count: 4, text: 'images = 4' },
    { check: 'images', comparison: '<=', count: 9, text: 'images<=9' },
    { check: 'size', width: 1024, height: 768, text: 'size=1024x768' },
    { check: 'not-blank', text: 'Not-Blank' },
  ])
  assert.deepEqual(parseExpectations('format=.JPEG'), [
    { check: 'format', format: 'jpg', text: 'format=.JPEG' },
  ])
})

test('the file of a likeness may hold colons and spaces; the number may be left out', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['golden.png:0.9', 'golden.png', 0.9],
    ['golden.png', 'golden.png', 0.95],
    ['C:\\my images\\a.png:1', 'C:\\my images\\a.png', 1],
    ['C:\\a.png', 'C:\\a.png', 0.95],
    ['a:b.png:.5', 'a:b.png', 0.5],
  ]
  for (const [value, file, likeness] of cases) {
    const text = `similar=${value}`
    assert.deepEqual(parseExpectations(text), [{ check: 'similar', file, likeness, text }])
  }
})

test('what is not understood is an error with a hint', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /^checks are images>=1, /],
    [' ; ', /^checks are/],
    ['images', /in quotes: a shell takes > and < for itself/],
    ['images>=many', /in quotes/],
    ['images>1', /^checks are/],
    ['size=1024', /size=1024x1024/],
    ['size>=10x10', /^checks are/],
    ['not-blank=1', /^checks are/],
    ['format=pmg', /did you mean "png"/],
    ['format=xcf2', /formats are avif, /],
    ['similar=', /^checks are/],
    ['similar=a.png:2', /from 0 to 1/],
    ['not-blank; nonsense', /^checks are/],
  ]
  for (const [text, hint] of cases) {
    assert.throws(
      () => parseExpectations(text),
      (error) => {
        assert.ok(error instanceof ComfyRunError)
        assert.equal(error.code, 'bad-option')
        assert.match(error.hint ?? '', hint, text)
        return true
      },
    )
  }
})

test("a job's own checks come before those of the run that look at the same", () => {
  const ofRun = parseExpectations('images>=1; size=64x64; not-blank')
  assert.equal(jobExpectations([], ofRun), ofRun)
  const texts = jobExpectations(parseExpectations('size=8x8; format=png'), ofRun).map(({ text }) => text)
  assert.deepEqual(texts, ['size=8x8', 'format=png', 'images>=1', 'not-blank'])
})

test('the text of a check means the same wherever it is read', () => {
  const [size, similar] = parseExpectations('size = 8*8; similar=a.png')
  assert.ok(size && similar?.check === 'similar')
  assert.equal(expectationText(size), 'size = 8*8')
  assert.equal(expectationText({ ...similar, file: '/images/a.png' }), 'similar=/images/a.png:0.95')
})

test('an extension has one form', () => {
  assert.deepEqual(['JPEG', 'tiff', 'PNG'].map(shortFormat), ['jpg', 'tif', 'png'])
})
