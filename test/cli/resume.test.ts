import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, said, startComfyRun, startRig } from '../rig/rig.ts'

const small = ['--size', '64x64', '--steps', '2', '--name', '{prompt}', '-o', 'out']

async function rows(t: TestContext, ...prompts: readonly string[]): Promise<void> {
  await writeFile(join(folderOf(t), 'shots.csv'), ['prompt', ...prompts].join('\n'))
}

/** How often the journal says that a job is done. */
async function doneInJournal(t: TestContext): Promise<number> {
  const journal = await readFile(join(folderOf(t), 'out/.comfy-run/journal.jsonl'), 'utf8')
  return journal.split('\n').filter((line) => line.includes('"type":"done"')).length
}

test('the same batch again runs nothing: exit 0', async (t) => {
  const server = await startRig(t)
  await rows(t, 'one', 'two', 'three')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  const again = await comfyRun(t, args)
  assertExit(again, 0)
  assert.equal(server.promptsRun, 3)
  assert.deepEqual(imagesIn(t, 'out'), ['one.png', 'three.png', 'two.png'])
  assert.match(again.stderr, /3 skipped: done before/)
})

test('the same batch again goes by the check that it has passed, and tells the same as if it were checked anew', async (t) => {
  const server = await startRig(t)
  await rows(t, 'one', 'two', 'three')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  const told = async (edit: (journal: string) => string): Promise<string> => {
    const journal = join(folderOf(t), 'out/.comfy-run/journal.jsonl')
    await writeFile(journal, edit(await readFile(journal, 'utf8')))
    const { stdout } = await comfyRun(t, [...args, '--json'])
    return stdout.replaceAll(/"(seconds|busy)":[\d.e-]+/g, '"$1":0')
  }
  const again = await told((journal) => journal)
  assert.match(again, /"run-started",.*"jobs":3,/)
  assert.equal(await told((journal) => journal.replaceAll(/"passed":\{.*?\},/g, '')), again)
  // Only who goes by it believes a check that is not true.
  const more = await told((journal) => journal.replaceAll(/("passed":\{.*?"jobs":)3/g, '$17'))
  assert.match(more, /"run-started",.*"jobs":7,/)
})

test('a batch that was done to its end needs no walk over its plan; with --json each job is told', async (t) => {
  const server = await startRig(t)
  await rows(t, 'one', 'two', 'three')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  // Only who does not ask for the jobs does not see that the journal tells of others.
  const journal = join(folderOf(t), 'out/.comfy-run/journal.jsonl')
  const entries = await readFile(journal, 'utf8')
  await writeFile(journal, entries.replaceAll(/"key":"./g, '"key":"x'))
  const again = await comfyRun(t, args)
  assertExit(again, 0)
  assert.match(again.stderr, /3 jobs: 0 done, 3 skipped: done before; 0 files/)
  assert.equal(server.promptsRun, 3)
  const told = await comfyRun(t, [...args, '--json', '--dry-run'])
  assert.match(told.stdout, /"toRun":3|"run":3/)
  await writeFile(journal, entries)
  assert.equal((await comfyRun(t, [...args, '--json'])).stdout.match(/"job-skipped"/g)?.length, 3)
  const lines = entries.split('\n')
  const without = lines.filter((line) => !/"type":"(?:submitted|done)".*"name":"two"/.test(line))
  await writeFile(journal, without.join('\n'))
  assert.match((await comfyRun(t, args)).stderr, /3 jobs: 1 done, 2 skipped: done before/)
})

test('a file that is missing from a batch that was done is made again, and then all of it is done once more', async (t) => {
  const server = await startRig(t)
  await rows(t, 'one', 'two', 'three')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  await rm(join(folderOf(t), 'out/two.png'))
  const mended = await comfyRun(t, args)
  assert.match(mended.stderr, /3 jobs: 1 done, 2 skipped: done before; 1 file/)
  assert.match((await comfyRun(t, args)).stderr, /3 jobs: 0 done, 3 skipped: done before; 0 files/)
  assert.equal(server.promptsRun, 4)
})

test('a faulty row that comes into a batch that has passed is found, and nothing is queued', async (t) => {
  const server = await startRig(t)
  await rows(t, 'one', 'two')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  await rows(t, 'one', 'two', 'three', 'four,5')
  const faulty = await comfyRun(t, args)
  assertExit(faulty, 2)
  assert.match(faulty.stderr, /shots\.csv:5/)
  assert.equal(server.promptsRun, 2)
  await rows(t, 'one', 'two', 'three')
  assertExit(await comfyRun(t, args), 0)
  assert.equal(server.promptsRun, 3)
})

test('after sorting, adding three rows and editing one, exactly four jobs run', async (t) => {
  const server = await startRig(t)
  await rows(t, 'one', 'two', 'three', 'four')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  await rows(t, 'four', 'one', 'three', 'two edited', 'five', 'six', 'seven')
  assertExit(await comfyRun(t, args), 0)
  assert.equal(server.promptsRun, 8)
  assert.equal(imagesIn(t, 'out').length, 8)
})

test('a file that is missing or of another size is made again; --verify compares the bytes', async (t) => {
  const server = await startRig(t)
  await rows(t, 'one', 'two')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  await rm(join(folderOf(t), 'out/one.png'))
  assertExit(await comfyRun(t, args), 0)
  assert.equal(server.promptsRun, 3)
  const file = join(folderOf(t), 'out/two.png')
  const bytes = await readFile(file)
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
  await writeFile(file, bytes)
  assertExit(await comfyRun(t, args), 0)
  assert.equal(server.promptsRun, 3)
  assertExit(await comfyRun(t, [...args, '--verify']), 0)
  assert.equal(server.promptsRun, 4)
})

test('--force runs everything anew, under new names', async (t) => {
  const server = await startRig(t)
  await rows(t, 'one')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  assertExit(await comfyRun(t, [...args, '--force']), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['one-2.png', 'one.png'])
})

test('after kill -9 the same command goes on: nothing twice, the running prompt collected', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 20 })
  await rows(t, 'one', 'two', 'three', 'four')
  const args = ['batch', 'shots.csv', ...small, '--steps', '20', '--server', server.url]
  const { child, finished } = startComfyRun(t, [...args, '--json'])
  await said(child, '"job-started"', 2)
  child.kill('SIGKILL')
  assertExit(await finished, -1)
  assertExit(await comfyRun(t, args), 0)
  assert.equal(server.promptsRun, 4) // pitfall 41
  assert.deepEqual(imagesIn(t, 'out'), ['four.png', 'one.png', 'three.png', 'two.png'])
  assert.equal(await doneInJournal(t), 4)
})

test('after Ctrl-C the same command goes on with the same seeds', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 20 })
  const args = [
    'txt2img',
    'a fox',
    '--count',
    '3',
    '--size',
    '64x64',
    '--steps',
    '10',
    '-o',
    'out',
    '--server',
    server.url,
  ]
  const { child, finished } = startComfyRun(t, [...args, '--json'])
  await said(child, '"job-started"')
  child.kill('SIGINT')
  const stopped = await finished
  assertExit(stopped, 130)
  const seeds = (text: string): string[] =>
    [...text.matchAll(/"name":"a-fox_(\d+)"/g)].map(([, seed]) => seed ?? '')
  const again = await comfyRun(t, [...args, '--json'])
  assertExit(again, 0)
  assert.equal(imagesIn(t, 'out').length, 3)
  for (const seed of seeds(stopped.stdout)) assert.ok(seeds(again.stdout).includes(seed))
})

test('a finished txt2img, repeated, makes new images', async (t) => {
  const server = await startRig(t)
  const args = ['txt2img', 'a fox', '--count', '2', '--size', '64x64', '-o', 'out', '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  assertExit(await comfyRun(t, args), 0)
  assert.equal(imagesIn(t, 'out').length, 4)
})

test('jobs that failed by their own fault stay failed, until --retry-failed', async (t) => {
  const server = await startRig(t)
  await writeFile(join(folderOf(t), 'shots.csv'), 'prompt,prefix\none,a\ntwo,../../../../a\n')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  assertExit(await comfyRun(t, args), 3)
  const again = await comfyRun(t, [...args, '--json'])
  assertExit(again, 3)
  assert.match(again.stdout, /"job-skipped","job":2,.*"reason":"failed"/)
  const retried = await comfyRun(t, [...args, '--json', '--retry-failed'])
  assertExit(retried, 3)
  assert.match(retried.stdout, /"job-finished","job":2,/)
})

test('what was only rehearsed is not done for a real server', async (t) => {
  await rows(t, 'one')
  assertExit(await comfyRun(t, ['batch', 'shots.csv', ...small, '--server', 'embedded']), 0)
  const journal = join(folderOf(t), 'out/.comfy-run/journal.jsonl')
  assert.match(await readFile(journal, 'utf8'), /"rehearsal":true/)
})

test('two runs on one folder: the second says who holds it, exit 2', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 20 })
  await rows(t, 'one', 'two')
  const args = ['batch', 'shots.csv', ...small, '--steps', '1000', '--server', server.url]
  const { child, finished } = startComfyRun(t, [...args, '--json'])
  await said(child, '"job-started"')
  const second = await comfyRun(t, args)
  assertExit(second, 2)
  assert.match(second.stderr, new RegExp(`process ${child.pid} `))
  assert.match(second.stderr, /\[folder-in-use\]/)
  child.kill('SIGTERM')
  assertExit(await finished, 143)
})
