import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { DoneEntry, FailedEntry } from '../../../src/run/journal/entries.ts'
import { settle } from '../../../src/run/journal/settled.ts'
import { folderOf } from '../../rig/folder.ts'

/** An entry of a job whose only file holds `content` on the disk. */
async function done(t: TestContext, content: string, changes: Partial<DoneEntry> = {}): Promise<DoneEntry> {
  await writeFile(join(folderOf(t), 'a.png'), content)
  const files = [{ path: 'a.png', bytes: 3, sha256: createHash('sha256').update('abc').digest('hex') }]
  return { type: 'done', key: 'k', name: 'a', files, seconds: 1, server: 'x', at: '', ...changes }
}

function failed(code: FailedEntry['code']): FailedEntry {
  return { type: 'failed', key: 'k', name: 'a', code, message: '', at: '' }
}

test('an unknown job is run', async () => {
  assert.deepEqual(await settle(undefined, '.', {}), { action: 'run' })
})

test('a done job is skipped if its files are there with their sizes', async (t) => {
  const out = folderOf(t)
  assert.equal((await settle(await done(t, 'abc'), out, {})).action, 'skip')
  assert.equal((await settle(await done(t, 'abd'), out, {})).action, 'skip')
  assert.equal((await settle(await done(t, 'abcd'), out, {})).action, 'run')
  assert.equal((await settle(await done(t, 'abc'), out, { force: true })).action, 'run')
})

test('with verify the bytes must be the same', async (t) => {
  const out = folderOf(t)
  assert.equal((await settle(await done(t, 'abc'), out, { verify: true })).action, 'skip')
  assert.equal((await settle(await done(t, 'abd'), out, { verify: true })).action, 'run')
})

test('a rehearsed job is done for rehearsals only', async (t) => {
  const entry = await done(t, 'abc', { rehearsal: true })
  assert.equal((await settle(entry, folderOf(t), { rehearsal: false })).action, 'run')
  assert.equal((await settle(entry, folderOf(t), { rehearsal: true })).action, 'skip')
})

test('a job that failed by its own fault is skipped unless wanted; by the server it is run again', async () => {
  assert.equal((await settle(failed('node-failed'), '.', {})).action, 'skip')
  assert.equal((await settle(failed('node-failed'), '.', { retryFailed: true })).action, 'run')
  assert.equal((await settle(failed('server-unreachable'), '.', {})).action, 'run')
  assert.equal((await settle(failed('job-lost'), '.', {})).action, 'run')
})

test('a job that was queued and not seen to end is looked up', async () => {
  const entry = {
    type: 'submitted',
    key: 'k',
    name: 'a',
    promptId: 'p',
    clientId: 'c',
    server: 'x',
    at: '',
  } as const
  assert.deepEqual(await settle(entry, '.', {}), { action: 'look-up', promptId: 'p', server: 'x' })
})
