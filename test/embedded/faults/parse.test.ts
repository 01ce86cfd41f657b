import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFaults } from '../../../src/embedded/faults/parse.ts'

/** What a fault's text means, in short. */
function read(...texts: readonly string[]): unknown[] {
  return parseFaults(texts).map(({ kind, place, times, magnitude }) => {
    const given = Object.keys(kind.magnitude ?? {}).map((unit) => magnitude[unit as keyof typeof magnitude])
    return [kind.name, place, times, ...given]
  })
}

test('a name alone has the place, the times and the magnitude that the fault usually has', () => {
  assert.deepEqual(read('socket-drop', 'history-late'), [
    ['socket-drop', { step: 1 }, 1],
    ['history-late', {}, 1, 800],
  ])
})

test('places, magnitudes and times', () => {
  assert.deepEqual(read('socket-drop@job:3@step:2:always'), [['socket-drop', { job: 3, step: 2 }, Infinity]])
  assert.deepEqual(read('restart@job:3:500ms'), [['restart', { job: 3 }, 1, 500]])
  assert.deepEqual(read('restart@every:500:1.5s'), [['restart', { every: 500 }, Infinity, 1500]])
  assert.deepEqual(read('restart@every:5:x2'), [['restart', { every: 5 }, 2, 0]])
  assert.deepEqual(read('history-late@request:2:x3:20ms'), [['history-late', { request: 2 }, 3, 20]])
  assert.deepEqual(read('view-truncate:25%', 'view-truncate:0.25'), [
    ['view-truncate', {}, 1, 0.25],
    ['view-truncate', {}, 1, 0.25],
  ])
})

test('several faults stand with commas between, in the order in which they act', () => {
  assert.deepEqual(read('post-slow:1s, zombie@job:2,', 'post-reset'), [
    ['post-slow', {}, 1, 1000],
    ['zombie', { job: 2 }, 1],
    ['post-reset', {}, 1],
  ])
})

const wrong: readonly (readonly [string, RegExp, RegExp])[] = [
  ['socket-dorp', /no fault "socket-dorp"/, /did you mean "socket-drop"/],
  ['nothing-like-it', /no fault/, /docs\/faults\.md/],
  ['@step:2', /"@step:2" is no fault/, /for example/],
  ['zombie@stap:2', /no place "@stap"/, /did you mean "step"/],
  ['zombie@x:2', /no place "@x"/, /@job:N, @every:N, @step:N, @request:N/],
  ['zombie@job:0', /@job wants a number from 1 on, not "0"/, /for example/],
  ['zombie@job', /"zombie@job" is no fault/, /for example/],
  ['zombie:5', /"5" can't stand there/, /zombie takes x3, or always/],
  ['history-late:fast', /"fast" can't stand there/, /a time such as 800ms/],
  ['history-late:1s:2s', /"2s" can't stand there/, /history-late takes x3/],
  ['view-truncate:150%', /"150%" can't stand there/, /a share such as 50%/],
]
for (const [text, message, hint] of wrong) {
  test(`${text} is refused with a hint`, () => {
    assert.throws(() => parseFaults([text]), { code: 'bad-fault', message, hint })
  })
}
