import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { readJournal } from '../../../src/run/journal/read.ts'
import { version } from '../../../src/version.ts'
import { folderOf } from '../../rig/folder.ts'

const run = (scope: string, task = 't'): object => ({
  type: 'run',
  format: 1,
  version: '0',
  scope,
  task,
  salt: `s-${scope}`,
})
const done = (key: string): object => ({ type: 'done', key, name: key, files: [], seconds: 1, server: 'x' })
const submitted = (key: string): object => ({
  type: 'submitted',
  key,
  name: key,
  promptId: 'p',
  clientId: 'c',
  server: 'x',
})

function text(...entries: readonly object[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

async function write(t: TestContext, content: string): Promise<string> {
  const path = join(folderOf(t), 'journal.jsonl')
  await writeFile(path, content)
  return path
}

test('a journal that is not there is an empty one', async (t) => {
  assert.deepEqual(await readJournal(join(folderOf(t), 'nothing.jsonl')), [])
})

test("a job's last entry counts", async (t) => {
  const path = await write(t, text(run('a'), submitted('1'), done('1'), done('2'), submitted('2')))
  const [scope] = await readJournal(path)
  assert.deepEqual([scope?.jobs.get('1')?.type, scope?.jobs.get('2')?.type], ['done', 'submitted'])
})

test('entries belong to the scope of the run before them; the last run of a scope says whether it is complete', async (t) => {
  const end = { type: 'end', isComplete: true, exitCode: 0 }
  const path = await write(t, text(run('a'), done('1'), end, run('b'), done('2'), run('a'), done('3')))
  const scopes = await readJournal(path)
  assert.deepEqual(
    scopes.map(({ id, salt, isComplete, jobs }) => [id, salt, isComplete, jobs.size]),
    [
      ['b', 's-b', false, 1],
      ['a', 's-a', false, 2],
    ],
  )
})

test('lines of unknown types, and lines that are none, are left out', async (t) => {
  const odd = ['', '{', 'null', '[]', '7', '{"type":"later"}', '{"type":"done"}', '{"type":"run"}'].join('\n')
  const path = await write(t, `${odd}\n${text(run('a'), done('1'))}${odd}`)
  const [scope] = await readJournal(path)
  assert.deepEqual([scope?.jobs.size, scope?.jobs.get('1')?.type], [1, 'done'])
})

test('a journal that is cut at any byte loads, and knows every job whose line is whole', async (t) => {
  const entries = [
    run('a'),
    ...Array.from({ length: 8 }, (_, index) => [submitted(`k${index}`), done(`k${index}`)]).flat(),
  ]
  const whole = Buffer.from(text(...entries))
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (cut) => {
      const part = whole.subarray(0, cut).toString()
      const [scope] = await readJournal(await write(t, part))
      const isDone = (key: string): boolean => scope?.jobs.get(key)?.type === 'done'
      for (let index = 0; index < 8; index += 1) {
        const line = JSON.stringify(done(`k${index}`))
        assert.equal(isDone(`k${index}`), part.includes(line))
      }
    }),
    { numRuns: 60 },
  )
})

test('the check that the last run of a scope has passed is known, if it is whole and of this version', async (t) => {
  const passed = { plan: 'p', classes: 'c', jobs: 2, models: ['m'] }
  const passedOf = async (...runs: readonly object[]): Promise<unknown> => {
    const [scope] = await readJournal(await write(t, text(...runs)))
    return scope?.passed
  }
  const ours = { ...run('a'), version }
  assert.deepEqual(await passedOf({ ...ours, passed }, done('1')), passed)
  assert.deepEqual(await passedOf({ ...ours, passed: { ...passed, jobs: 1 } }, { ...ours, passed }), passed)
  assert.equal(await passedOf({ ...ours, passed }, ours), undefined)
  assert.equal(await passedOf({ ...run('a'), passed }), undefined, 'of version 0')
  for (const broken of [{ plan: 7 }, { classes: null }, { jobs: '2' }, { jobs: 0.5 }, { models: [1] }])
    assert.equal(await passedOf({ ...ours, passed: { ...passed, ...broken } }), undefined)
  assert.equal(await passedOf({ ...ours, passed: 'yes' }), undefined)
})

test('a run that ended may have found that names are distinct', async (t) => {
  const passed = { plan: 'p', classes: 'c', jobs: 2, models: ['m'] }
  const ours = { ...run('a'), version }
  const end = { type: 'end', isComplete: true, exitCode: 0 }
  const passedOf = async (...entries: readonly object[]): Promise<unknown> => {
    const [scope] = await readJournal(await write(t, text(...entries)))
    return scope?.passed
  }
  const areNamesDistinct = true
  assert.deepEqual(await passedOf({ ...ours, passed }, end), passed)
  assert.deepEqual(await passedOf({ ...ours, passed }, { ...end, areNamesDistinct }), {
    ...passed,
    areNamesDistinct,
  })
  // The run after it says so from its beginning on.
  const again = { ...ours, passed: { ...passed, areNamesDistinct } }
  assert.deepEqual(await passedOf({ ...ours, passed }, end, again), again.passed)
  assert.equal(await passedOf(ours, { ...end, areNamesDistinct }), undefined, 'no check was passed')
})
