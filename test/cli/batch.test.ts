import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

async function file(t: TestContext, name: string, text: string): Promise<void> {
  await writeFile(join(folderOf(t), name), text)
}

const small = ['--size', '64x64', '--steps', '2', '-o', 'out']
const five = ['five.png', 'four.png', 'one.png', 'three.png', 'two.png']

test('a CSV of five rows is five images', async (t) => {
  const server = await startRig(t)
  await file(
    t,
    'shots.csv',
    'prompt,name\na fox,one\n"a cat, asleep",two\n1984,three\n"a ""big"" dog",four\nein Fuß,five\n',
  )
  const run = await comfyRun(t, ['batch', 'shots.csv', ...small, '--server', server.url])
  assertExit(run, 0)
  assert.deepEqual(imagesIn(t, 'out'), five)
  assert.equal(run.stdout.trim().split('\n').length, 5)
})

test('a JSON list of five is five images', async (t) => {
  const server = await startRig(t)
  const names = ['one', 'two', 'three', 'four', 'five']
  await file(
    t,
    'shots.json',
    JSON.stringify(names.map((name, index) => ({ prompt: 'a fox', seed: index, name }))),
  )
  assertExit(await comfyRun(t, ['batch', 'shots.json', ...small, '--server', server.url]), 0)
  assert.deepEqual(imagesIn(t, 'out'), five)
})

test('rows come from stdin', async (t) => {
  const run = await comfyRun(t, ['batch', '-', ...small, '--server', 'embedded'], {
    input: '{"prompt": "a fox", "name": "one"}\n{"prompt": "a cat", "name": "two"}\n',
  })
  assertExit(run, 0)
  assert.deepEqual(imagesIn(t, 'out'), ['one.png', 'two.png'])
})

test('a faulty row is shown where it is, and nothing is queued', async (t) => {
  const server = await startRig(t)
  await file(t, 'shots.csv', 'prompt,steps\na fox,8\na cat,many\n')
  const run = await comfyRun(t, ['batch', 'shots.csv', '--server', server.url])
  assertExit(run, 2)
  assert.match(run.stderr, /--> shots\.csv:3:7 {2}column "steps"/)
  assert.match(run.stderr, /\| a cat,many\n.*\| {7}\^{4}/)
  assert.equal(server.promptsRun, 0)
})

test('an unknown column is an error with a near match', async (t) => {
  await file(t, 'shots.csv', 'prompt,stpes\na fox,8\n')
  const run = await comfyRun(t, ['batch', 'shots.csv', '--server', 'embedded'])
  assertExit(run, 2)
  assert.match(run.stderr, /shots\.csv:1:8/)
  assert.match(run.stderr, /"steps"/)
})

test('a value that the server lacks is told at its cell, and nothing is queued', async (t) => {
  const server = await startRig(t)
  await file(t, 'shots.csv', 'prompt,sampler,steps\na fox,euler,2\na cat,eulr,2\na dog,euler,0\n')
  const args = ['batch', 'shots.csv', '-o', 'out', '--size', '64x64', '--server', server.url]
  const run = await comfyRun(t, args)
  assertExit(run, 5)
  assert.match(run.stderr, /no "eulr".*\n {2}--> shots\.csv:3:7 {2}column "sampler"/)
  assert.match(run.stderr, /0 is too small.*\n {2}--> shots\.csv:4:13 {2}column "steps"/)
  assert.match(run.stderr, /did you mean "euler"/)
  assert.match(run.stderr, /2 faults; nothing was queued/)
  assert.equal(server.promptsRun, 0)
  const planned = await comfyRun(t, ['plan', ...args.slice(1)])
  assertExit(planned, 5)
})

test('a plan is made while no server is there, and says that it was not checked', async (t) => {
  await file(t, 'shots.csv', 'prompt,sampler\na cat,eulr\n')
  const run = await comfyRun(t, ['plan', 'shots.csv', '--server', 'http://127.0.0.1:1'])
  assertExit(run, 0)
  assert.match(run.stderr, /not checked against the server: no ComfyUI at http:\/\/127\.0\.0\.1:1/)
})

test("one row's failure does not stop the others: exit 3", async (t) => {
  const server = await startRig(t)
  await file(t, 'shots.csv', 'prompt,prefix,name\na fox,a,one\na cat,../../../../b,two\na dog,c,three\n')
  const run = await comfyRun(t, ['batch', 'shots.csv', ...small, '--server', server.url])
  assertExit(run, 3)
  assert.deepEqual(imagesIn(t, 'out'), ['one.png', 'three.png'])
  assert.match(run.stderr, /outside/)
  assert.match(run.stderr, /shots\.csv:3/)
})
