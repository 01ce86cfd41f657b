import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ComfyRunError } from '../../src/errors.ts'
import type { Assignment } from '../../src/plan/assign.ts'
import { draftJob } from '../../src/plan/job-draft.ts'
import { readSeeds } from '../../src/plan/seeds.ts'
import type { JsonValue } from '../../src/protocol/json.ts'
import { exampleWorkflow } from './helpers.ts'

const where = { file: 'jobs.csv', line: 2 }

function assignment(
  address: string,
  value: JsonValue,
  inputs: string[],
  typed = false,
  folder = '.',
): Assignment {
  const targets = inputs.map((text) => {
    const [node = '', input = ''] = text.split('.')
    return { node, input }
  })
  return { setting: { address, value, typed, folder, where }, targets }
}

async function draft(...assignments: Assignment[]) {
  const errors: ComfyRunError[] = []
  const found = await draftJob(exampleWorkflow({ image: true }), assignments, (error) => errors.push(error))
  return { ...found, errors }
}

test('values get the types of their inputs, and are told as parameters', async () => {
  const { params, patches, errors } = await draft(
    assignment('prompt', '1984', ['6.text']),
    assignment('steps', '12', ['3.steps']),
    assignment('negative', 7, ['7.text'], true),
  )
  assert.deepEqual(errors, [])
  assert.deepEqual(params, { prompt: '1984', steps: 12, negative: '7' })
  assert.deepEqual(
    patches.map(({ value }) => value),
    ['1984', 12, '7'],
  )
})

test('in a prompt an @ is a letter; elsewhere two stand for one', async () => {
  const { params, uploads } = await draft(
    assignment('6.text', '@@me and @you', ['6.text']),
    assignment('prefix', '@@home', ['9.filename_prefix']),
    assignment('negative', '@none', ['7.text'], true),
  )
  assert.deepEqual(params, { '6.text': '@@me and @you', prefix: '@home', negative: '@none' })
  assert.deepEqual(uploads, [])
})

test('a file for several inputs is one upload', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'draft-'))
  context.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'a.bin'), 'bytes')
  const { uploads, params, patches } = await draft(
    assignment('9.filename_prefix', '@a.bin', ['9.filename_prefix'], false, folder),
    assignment('4.ckpt_name', `@${join(folder, 'a.bin')}`, ['4.ckpt_name'], true),
  )
  assert.equal(uploads.length, 1)
  assert.equal(uploads[0]?.file, join(folder, 'a.bin'))
  assert.deepEqual(uploads[0].targets, [
    { node: '9', input: 'filename_prefix' },
    { node: '4', input: 'ckpt_name' },
  ])
  assert.deepEqual(params, { '9.filename_prefix': 'a.bin', '4.ckpt_name': join(folder, 'a.bin') })
  assert.deepEqual(patches, [])
})

test('seeds are drawn unless one is given', async () => {
  const target = { node: '3', input: 'seed' }
  assert.deepEqual((await draft()).seeds, [{ target, choice: 'random' }])
  for (const [value, choice] of [
    ['7', readSeeds('7')],
    ['random', 'random'],
    [2n ** 63n, readSeeds(2n ** 63n)],
  ] as const) {
    const { seeds, params } = await draft(assignment('seed', value, ['3.seed']))
    assert.deepEqual(
      seeds.map(({ choice }) => choice),
      [choice],
    )
    assert.deepEqual(params, {})
  }
})

test('every wrong value is reported at its place', async () => {
  const { errors } = await draft(
    assignment('steps', 'many', ['3.steps']),
    assignment('seed', 'x', ['3.seed']),
    assignment('image', 5, ['10.image'], true),
    assignment('cfg', '@missing.bin', ['3.cfg']),
  )
  assert.deepEqual(
    errors.map((error) => [error.code, error.where]),
    ['bad-value', 'bad-value', 'bad-value', 'file-not-found'].map((code) => [code, where]),
  )
})

test('every role of a file uploads it: a second image must be one, a sound need not', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'comfy-run-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'a.mp3'), 'sound')
  const sound = await draft(assignment('audio', 'a.mp3', ['20.audio'], false, folder))
  assert.deepEqual(
    sound.uploads.map(({ file, targets }) => [file, targets]),
    [[join(folder, 'a.mp3'), [{ node: '20', input: 'audio' }]]],
  )
  const broken = await draft(assignment('image2', 'a.mp3', ['10.image'], false, folder))
  assert.deepEqual(
    broken.errors.map(({ code }) => code),
    ['not-an-image'],
  )
})
