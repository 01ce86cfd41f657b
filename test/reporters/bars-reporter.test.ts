import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createBarsReporter } from '../../src/reporters/bars-reporter.ts'
import type { OutputStream, Reporter } from '../../src/reporters/reporter-types.ts'
import { Screen } from './screen.ts'
import { ended, FakeStream, finished, sampling, saved, started } from './story.ts'

/** A reporter whose frames come when the test says so. */
function rig(
  t: TestContext,
  screen: Screen,
  stdout: OutputStream,
): Reporter & { readonly frame: () => string[] } {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 0
  const reporter = createBarsReporter({ stdout, stderr: screen, color: true, now: () => now })
  return {
    ...reporter,
    frame() {
      now += 50
      t.mock.timers.tick(50)
      return screen.lines
    },
  }
}

test('the bars show where the run is, above them what is done', (t) => {
  const [screen, stdout] = [new Screen(80), new FakeStream()]
  const { sink, frame, close } = rig(t, screen, stdout)
  const first = [started(2), ...sampling(1, 5), saved(1), finished(1), ...sampling(2, 10)]
  for (const event of first) sink(event)
  assert.deepEqual(frame(), [
    '[1/2] done  fox_1.png  12.3 s',
    'jobs  ███████████████░░░░░░░░░░░░░░░  1/2  0 s left',
    'nodes ███████████████░░░░░░░░░░░░░░░  2/4  KSampler  fox_2',
    'steps ███████████████░░░░░░░░░░░░░░░  10/20',
  ])
  for (const event of [saved(2), finished(2), ended(2)]) sink(event)
  close()
  assert.deepEqual(screen.lines, [
    '[1/2] done  fox_1.png  12.3 s',
    '[2/2] done  fox_2.png  12.3 s',
    '2 jobs: 2 done; 2 files; 4 min 10 s',
  ])
  assert.deepEqual(stdout.lines, ['out/fox_1.png', 'out/fox_2.png'])
})

test('in one terminal the paths go through the display, and do not tear it', (t) => {
  const screen = new Screen(80)
  const { sink, frame, close } = rig(t, screen, screen)
  for (const event of [started(1), ...sampling(1, 5)]) sink(event)
  frame()
  for (const event of [saved(1), { type: 'text-output', job: 1, node: '2', text: 'a\nb' } as const])
    sink(event)
  assert.deepEqual(frame(), [
    'out/fox_1.png',
    'a',
    'b',
    'nodes ███████████████░░░░░░░░░░░░░░░  2/4  KSampler  fox_1',
    'steps ███████░░░░░░░░░░░░░░░░░░░░░░░  5/20',
  ])
  close()
  assert.deepEqual(screen.lines, ['out/fox_1.png', 'a', 'b'])
})

test('a flood of events draws nothing between two frames', (t) => {
  const screen = new Screen(80)
  const { sink, frame, close } = rig(t, screen, new FakeStream())
  for (const event of [started(1), ...sampling(1, 1)]) sink(event)
  frame()
  const write = t.mock.method(screen, 'write')
  for (let step = 1; step <= 20_000; step += 1) {
    sink({ type: 'sampler-step', job: 1, node: '3', step, steps: 20_000 })
  }
  assert.equal(write.mock.callCount(), 0)
  frame()
  assert.match(screen.lines.at(-1) ?? '', / 20000\/20000/)
  close()
})
