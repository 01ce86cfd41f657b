import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { areFilesThere, type FilesThereOptions } from '../../../src/run/journal/files-there.ts'
import { readJournal } from '../../../src/run/journal/read.ts'
import { folderOf } from '../../rig/folder.ts'

const at = '2026-01-01T00:00:00.000Z'
const run = (scope = 'batch') => ({ type: 'run', format: 1, version: '0', scope, task: 't', salt: 's', at })
const submitted = (key: string) => ({ type: 'submitted', key, promptId: 'p', server: 's', at })

function done(key: string, path: string, changes: { bytes?: number; rehearsal?: true } = {}): object {
  const { bytes = 3, ...more } = changes
  return { type: 'done', key, name: key, files: [{ path, bytes, sha256: '0a' }], seconds: 1, ...more, at }
}

/** Whether a journal of these entries says that all is there, in a folder in which `a.png` and `b.png` have three bytes. */
async function areThere(
  t: TestContext,
  entries: readonly (object | string)[],
  options: Partial<FilesThereOptions> = {},
): Promise<boolean> {
  const out = folderOf(t)
  const path = join(out, '.comfy-run/journal.jsonl')
  await mkdir(join(out, '.comfy-run'), { recursive: true })
  for (const name of ['a.png', 'b.png']) await writeFile(join(out, name), 'abc')
  const lines = entries.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)))
  await writeFile(path, lines.join('\n'))
  const scope = (await readJournal(path)).find(({ id }) => id === 'batch')
  assert.ok(scope)
  return areFilesThere(path, scope, out, { jobs: 1, rehearsal: false, isStopped: () => false, ...options })
}

test('all is there if each file has the size that its entry tells', async (t) => {
  const two = [run(), submitted('k'), done('k', 'a.png'), done('l', 'b.png')]
  assert.equal(await areThere(t, two), true)
  assert.equal(await areThere(t, [...two, done('m', 'c.png')]), false)
  assert.equal(await areThere(t, [...two, done('m', 'a.png', { bytes: 4 })]), false)
  await rm(join(folderOf(t), 'b.png'))
  assert.equal(await areThere(t, [run(), done('k', 'a.png')]), true)
})

test('a job of several files, and one that was written by hand, count as well', async (t) => {
  const [a, b, gone] = ['a.png', 'b.png', 'c.png'].map((path) => ({ path, bytes: 3, sha256: '' }))
  const job = (...files: unknown[]): object => ({ type: 'done', key: 'k', name: 'k', files, seconds: 1, at })
  assert.equal(await areThere(t, [run(), job(a, b)]), true)
  assert.equal(await areThere(t, [run(), job(a, gone)]), false)
  const spaced = JSON.stringify(job(gone), null, 1).replaceAll('\n', '')
  assert.equal(await areThere(t, [run(), spaced]), false)
})

test('only the last entry of a job counts, and none of another scope', async (t) => {
  const last = [done('k', 'c.png'), submitted('k'), done('k', 'a.png')]
  assert.equal(await areThere(t, [run(), ...last]), true)
  assert.equal(await areThere(t, [run('other'), done('k', 'c.png'), run(), done('k', 'a.png')]), true)
  assert.equal(await areThere(t, [run(), done('k', 'a.png'), run('other'), done('l', 'c.png')]), true)
})

test('what was only rehearsed is done for a rehearsal', async (t) => {
  const rehearsed = [run(), done('k', 'a.png', { rehearsal: true })]
  assert.equal(await areThere(t, rehearsed), false)
  assert.equal(await areThere(t, rehearsed, { rehearsal: true }), true)
})

test('a torn line says nothing', async (t) => {
  const torn = JSON.stringify(done('l', 'c.png')).slice(0, -5)
  assert.equal(await areThere(t, [run(), done('k', 'a.png'), torn]), true)
})

test('a line that was taken out of the journal is missed', async (t) => {
  const two = [run(), done('k', 'a.png'), done('l', 'b.png')]
  assert.equal(await areThere(t, two, { jobs: 2 }), true)
  assert.equal(await areThere(t, two.slice(0, 2), { jobs: 2 }), false)
})

test('how far the search has come is told for each thousand jobs', async (t) => {
  const told: number[] = []
  const many = Array.from({ length: 2500 }, (_, job) => done(`k${job}`, 'a.png'))
  assert.equal(await areThere(t, [run(), ...many], { onFound: (jobs) => told.push(jobs) }), true)
  assert.deepEqual(told, [1000, 2000])
})

test('a stop ends the search', async (t) => {
  const entries = [run(), done('k', 'a.png'), done('l', 'b.png')]
  assert.equal(await areThere(t, entries, { isStopped: () => true }), false)
})
