import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BarsDisplay } from '../../src/reporters/bars-display.ts'
import { Screen } from './screen.ts'

test('text that was logged stays whole above, and the lines are gone at the end', () => {
  const screen = new Screen(20)
  const display = new BarsDisplay(screen, () => ['first bar', 'second bar', 'third bar'])
  display.log('before\n')
  display.open()
  display.log('short\n')
  display.log('a path that is longer than the terminal is wide\n')
  display.close()
  display.log('after\n')
  assert.deepEqual(
    screen.lines,
    ['before', 'short', 'a path that is longe', 'r than the terminal ', 'is wide', 'after'].map((line) =>
      line.trimEnd(),
    ),
  )
  assert.equal(screen.isCursorShown, true)
  assert.equal(screen.isWrapping, true)
})

test('text does not tear lines that did not change', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const screen = new Screen(40)
  const display = new BarsDisplay(screen, () => ['first bar', '', 'third bar'])
  display.open()
  t.mock.timers.tick(50)
  assert.deepEqual(screen.lines, ['first bar', '', 'third bar'])
  assert.equal(screen.isCursorShown, false)
  for (const text of ['one\n', 'two\n', 'three\nfour\n']) {
    display.log(text)
    t.mock.timers.tick(50)
  }
  t.mock.timers.tick(50)
  assert.deepEqual(screen.lines, ['one', 'two', 'three', 'four', 'first bar', '', 'third bar'])
  display.close()
  assert.deepEqual(screen.lines, ['one', 'two', 'three', 'four'])
})

test('there are 20 frames a second, not more', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const screen = new Screen(40)
  let drawn = 0
  const display = new BarsDisplay(screen, () => [`frame ${(drawn += 1)}`])
  display.open()
  const before = drawn
  for (let passed = 0; passed < 1000; passed += 10) t.mock.timers.tick(10)
  assert.equal(drawn - before, 20)
  display.close()
})

test('closing twice, or without opening, does nothing', () => {
  const screen = new Screen(40)
  const listeners = process.listenerCount('exit')
  const display = new BarsDisplay(screen, () => ['bar'])
  display.close()
  display.open()
  assert.equal(process.listenerCount('exit'), listeners + 1)
  display.close()
  display.close()
  assert.equal(process.listenerCount('exit'), listeners)
  assert.deepEqual(screen.lines, [])
})
