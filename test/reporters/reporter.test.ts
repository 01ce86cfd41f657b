import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  chooseMode,
  createReporter,
  type ModeWishes,
  type ReporterMode,
} from '../../src/reporters/reporter.ts'
import { ended, FakeStream, started } from './story.ts'

const modes: readonly (readonly [ModeWishes, ReporterMode])[] = [
  [{ stderrIsTty: true }, 'bars'],
  [{ stderrIsTty: false }, 'lines'],
  [{}, 'lines'],
  [{ progress: 'lines', stderrIsTty: true }, 'lines'],
  [{ progress: 'bars', stderrIsTty: true }, 'bars'],
  [{ progress: 'bars', stderrIsTty: false }, 'lines'],
  [{ quiet: true, stderrIsTty: true }, 'quiet'],
  [{ json: true, quiet: true, progress: 'bars', stderrIsTty: true }, 'json'],
]

test('the mode follows from the options and the terminal', () => {
  for (const [wishes, mode] of modes) assert.equal(chooseMode(wishes), mode, JSON.stringify(wishes))
})

test('every mode has its reporter', async () => {
  for (const mode of ['bars', 'lines', 'json', 'quiet'] as const) {
    const stdout = new FakeStream()
    const reporter = await createReporter({ mode, stdout, stderr: new FakeStream(), color: false })
    reporter.sink(started(1))
    reporter.sink(ended(1))
    reporter.close()
    assert.equal(stdout.lines.length, mode === 'json' ? 2 : 0, mode)
  }
})
