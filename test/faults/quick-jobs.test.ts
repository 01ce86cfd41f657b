// Jobs of milliseconds, whose ends are learnt from the length of the queue: what must come of 60 of them when something goes
// wrong in their middle.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imagesIn } from '../rig/images.ts'
import { quickJobs } from '../rig/quick-jobs.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const limit = { timeout: 60_000 }
const jobs = 60

interface Expected {
  readonly exit?: number
  readonly without?: number
  /** Prompts that the server ran besides one for each job. */
  readonly again?: readonly [least: number, most: number]
}

const cases: Readonly<Record<string, Expected>> = {
  'socket-drop@job:30': {},
  'socket-close@job:30': {},
  'socket-silent@job:30': {},
  'socket-drop@every:7:always': {},
  'messages-twice@job:30': {},
  'foreign-end@job:30': {},
  'post-slow@request:30:50ms:always': {},
  'post-reset-after-queue@request:30': {},
  'post-500-after-queue@request:30': {},
  'history-late:100ms': {},
  'history-empty': {},
  'view-truncate@request:30:50%': {},
  'node-error@job:30': { exit: 3, without: 1 },
  'no-outputs@job:30': { exit: 3, without: 1 },
  // Up to 32 are posted ahead: when the 30th begins, there may be none to come.
  'queue-deleted@job:20': { again: [-1, 1] },
  // What had ended, but was not confirmed yet, is run again: the history is gone.
  'restart@job:30': { again: [0, 30] },
  'old-profile': {},
  'middle-profile': {},
  'chaos:1:2%': { again: [0, 30] },
}

for (const [fault, { exit = 0, without = 0, again = [0, 0] }] of Object.entries(cases)) {
  test(fault, limit, async (t) => {
    const server = await startRig(t, { fault })
    const args = quickJobs(t, jobs, server.url)
    assertExit(await comfyRun(t, args), exit)
    assert.ok(server.faultsSeen.has(/^[^@:]+/.exec(fault)?.[0] ?? ''), 'the fault did not happen')
    assert.equal(imagesIn(t, 'out').length, jobs - without)
    const [least, most] = again
    const more = server.promptsRun - jobs
    assert.ok(more >= least && more <= most, `${more} prompts more than jobs`)
  })
}
