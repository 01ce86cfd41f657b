import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { schemaFaults, type Schema } from '../rig/json-schema.ts'
import { assertExit, comfyRun, startComfyRun, startRig, type Finished } from '../rig/rig.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../schemas/events.schema.json', import.meta.url), 'utf8'),
) as Schema

type Event = Readonly<Record<string, unknown>> & { readonly type: string }

/** All that a command has put out, each line held to the schema; it begins and ends as it must. */
function eventsOf({ stdout }: Finished): Event[] {
  assert.ok(stdout.endsWith('\n'), 'the last line is whole')
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
  for (const event of events) assert.deepEqual(schemaFaults(schema, event), [], JSON.stringify(event))
  assert.equal(events[0]?.type, 'run-started')
  assert.equal(
    events.findIndex(({ type }) => type === 'run-finished'),
    events.length - 1,
  )
  return events
}

function assertTypes(events: readonly Event[], ...types: readonly string[]): void {
  const told = new Set(events.map(({ type }) => type))
  for (const type of types) assert.ok(told.has(type), `no ${type} in: ${[...told].join(' ')}`)
}

function last(events: readonly Event[], type: string): Event {
  const found = events.findLast((event) => event.type === type)
  assert.ok(found, `no ${type}`)
  return found
}

async function rows(t: TestContext, ...lines: readonly string[]): Promise<void> {
  await writeFile(join(folderOf(t), 'shots.csv'), `${lines.join('\n')}\n`)
}

const small = ['--size', '64x64', '--steps', '2', '-o', 'out', '--json']

test('a run with uploads and previews', async (t) => {
  const server = await startRig(t)
  await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .png()
    .toFile(join(folderOf(t), 'photo.png'))
  const args = ['img2img', 'a fox', '--image', 'photo.png', '--steps', '2', '-o', 'out', '--json']
  const more = ['--save-previews', '--seed', '18446744073709551615', '--server', server.url]
  const run = await comfyRun(t, [...args, ...more])
  assertExit(run, 0)
  const events = eventsOf(run)
  assertTypes(events, 'server-connected', 'file-uploaded', 'job-submitted', 'job-started')
  assertTypes(events, 'node-started', 'sampler-step', 'node-finished', 'file-saved', 'job-finished')
  assert.equal(last(events, 'job-finished')['seed'], '18446744073709551615')
})

test('texts, and nodes whose results the server still has', async (t) => {
  const server = await startRig(t)
  const graph = {
    1: { class_type: 'PrimitiveString', inputs: { value: 'hello\u2028\u009B2J' } },
    2: { class_type: 'PreviewAny', inputs: { source: ['1', 0] } },
  }
  await writeFile(join(folderOf(t), 'graph.json'), JSON.stringify(graph))
  const args = ['run', 'graph.json', '--json', '--server', server.url]
  const first = eventsOf(await comfyRun(t, args))
  assert.equal(last(first, 'text-output')['text'], 'hello\u2028\u009B2J')
  const again = eventsOf(await comfyRun(t, args))
  assertTypes(again, 'nodes-cached')
  assert.equal(last(again, 'job-finished')['cached'], true)
})

test('a batch that fails in part, and goes on: origins, errors, skipped jobs', async (t) => {
  const server = await startRig(t)
  await rows(t, 'prompt,prefix', 'one,a', 'two,../../../../a', 'three,a')
  const args = ['batch', 'shots.csv', ...small, '--server', server.url]
  const run = await comfyRun(t, args)
  assertExit(run, 3)
  const failed = eventsOf(run).find(({ status }) => status === 'failed')
  assert.deepEqual(failed?.['origin'], { file: 'shots.csv', line: 3 })
  assert.equal((failed?.['error'] as Event | undefined)?.['code'], 'node-failed')
  const again = eventsOf(await comfyRun(t, args))
  const skipped = again.filter(({ type }) => type === 'job-skipped').map(({ reason }) => reason)
  assert.deepEqual(skipped, ['done', 'failed', 'done'])
  assert.equal(last(again, 'run-finished')['skipped'], 3)
})

test('a run that is stopped', async (t) => {
  const server = await startRig(t, { stepMilliseconds: 5 })
  await rows(t, 'prompt', 'one', 'two', 'three')
  const args = ['batch', 'shots.csv', '--size', '64x64', '--steps', '10000', '-o', 'out', '--json']
  const { child, finished } = startComfyRun(t, [...args, '--server', server.url])
  let seen = ''
  child.stdout?.on('data', (text: string) => {
    const before = seen
    seen += text
    for (const sign of ['"sampler-step"', '"run-stopping"']) {
      if (seen.includes(sign) && !before.includes(sign)) child.kill('SIGINT')
    }
  })
  const run = await finished
  assertExit(run, 130)
  const events = eventsOf(run)
  assert.deepEqual(
    events.filter(({ type }) => type === 'run-stopping').map(({ cancelling }) => cancelling),
    [false, true],
  )
  assert.equal(last(events, 'run-finished')['done'], 0)
})

test('no server', async (t) => {
  const run = await comfyRun(t, ['txt2img', 'a fox', '--json', '--server', 'http://127.0.0.1:1'])
  assertExit(run, 4)
  const { error, exitCode } = last(eventsOf(run), 'run-finished')
  assert.equal((error as Event)['code'], 'server-unreachable')
  assert.equal(exitCode, 4)
})

test('what keeps a run from beginning is no event', async (t) => {
  await rows(t, 'prompt,steps', 'one,many')
  const run = await comfyRun(t, ['batch', 'shots.csv', ...small, '--server', 'embedded'])
  assertExit(run, 2)
  assert.equal(run.stdout, '')
  assert.match(run.stderr, /shots\.csv:2/)
})
