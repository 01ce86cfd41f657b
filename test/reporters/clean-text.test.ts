import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cleanBlock, cleanJson, cleanLine, withoutCommands } from '../../src/reporters/clean-text.ts'

const dirty: readonly (readonly [dirty: string, clean: string])[] = [
  ['a \x1B[31mred\x1B[0m fox', 'a red fox'],
  ['\x9B2Jgone', 'gone'],
  ['\x1B]0;new title\x07x', 'x'],
  ['\x1B]8;;http://evil\x1B\\link\x1B]8;;\x1B\\', 'link'],
  ['\x1B]52;c;cm0gLXJm\x07', ''],
  ['\x1BP1$r0m\x1B\\x', 'x'],
  ['\x1B]0;never ended', '0;never ended'],
  ['\x1Bc\x1B(B\x1B7x', 'x'],
  ['bell\x07 back\x08space \x00nul', 'bell backspace nul'],
  ['over\rwritten', 'over\nwritten'],
  ['dos\r\nlines\ttab', 'dos\nlines\ttab'],
  ['abc\u202Edef\u2066', 'abcdef'],
  ['\u{1F469}\u200D\u{1F680} grüße 日本', '\u{1F469}\u200D\u{1F680} grüße 日本'],
]

test('what would act on a terminal is taken out, the rest stays', () => {
  for (const [text, clean] of dirty) assert.equal(cleanBlock(text), clean, JSON.stringify(text))
})

test('one line stays one line', () => {
  assert.equal(cleanLine('first  \r\n  second\n\nthird\tx'), 'first second third x')
})

test('nothing that controls a terminal is ever left', () => {
  const unit = fc.constantFrom(
    '\x1B',
    '[',
    ']',
    '\x07',
    '\\',
    '\x9B',
    '\x9D',
    '\x9C',
    '0',
    'm',
    ';',
    '\r',
    'é',
    '\n',
  )
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      assert.doesNotMatch(cleanLine(text), /\p{Cc}/u)
      assert.doesNotMatch(cleanBlock(text).replaceAll('\n', ''), /\p{Cc}/u)
    }),
  )
})

test("commands in a server's words are no commands any more", () => {
  assert.equal(
    withoutCommands('error: a\n  ::add-mask::fox\n::stop-commands::x\n##[error]y\na::b\n'),
    'error: a\n  : :add-mask::fox\n: :stop-commands::x\n## [error]y\na::b\n',
  )
})

test('JSON keeps its values when what acts on a terminal or a log is escaped', () => {
  const value = { text: '\u001B[2J\u009B2J\u007F\u202E\u2028 ##[error]x é' }
  const clean = cleanJson(JSON.stringify(value))
  assert.deepEqual(JSON.parse(clean), value)
  assert.doesNotMatch(clean, /[\p{Cc}\u202E\u2028]|##\[/u)
})

test('a long text of blanks takes no longer than any other', { timeout: 5000 }, () => {
  assert.equal(cleanLine(`${' '.repeat(1_000_000)}x`).length, 1_000_001)
})
