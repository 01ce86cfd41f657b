import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunEvent } from '../../src/events.ts'
import { toldOnce } from '../../src/run/told-once.ts'
import { saved } from '../reporters/story.ts'

test('each file is told once, everything else as often as it comes', () => {
  const told: RunEvent[] = []
  const sink = toldOnce((event) => told.push(event))
  const [file, started] = [saved(1), { type: 'job-started', job: 1 } as const]
  const other = { ...file, path: 'out/other.png' }
  for (const event of [started, file, started, file, other]) sink(event)
  assert.deepEqual(told, [started, file, started, other])
})
