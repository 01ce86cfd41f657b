import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ComfyRunError } from '../../src/errors.ts'
import { loadObjectInfo } from '../../src/workflow/object-info-file.ts'
import { folderOf } from '../rig/folder.ts'

const sampler =
  '{"input": {"required": {"cfg": ["FLOAT", {"default": 8, "max": Infinity}]}}, "output": ["LATENT"]}'

function saved(t: TestContext, content: string | Buffer): string {
  const file = join(folderOf(t), 'object_info.json')
  writeFileSync(file, content)
  return file
}

async function refusal(file: string): Promise<ComfyRunError> {
  const error: unknown = await loadObjectInfo(file).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof ComfyRunError, 'it was not refused')
  return error
}

test('the classes of a saved answer are read, with what Python writes', async (t) => {
  const info = await loadObjectInfo(saved(t, `{"KSampler": ${sampler}}`))
  assert.deepEqual(Object.keys(info), ['KSampler'])
  assert.deepEqual(info['KSampler']?.input.required, { cfg: ['FLOAT', { default: 8, max: null }] })
  assert.deepEqual(info['KSampler']?.output, ['LATENT'])
})

test('UTF-16 with its mark is read, as the redirections of PowerShell write it', async (t) => {
  const info = await loadObjectInfo(saved(t, Buffer.from(`\uFEFF{"KSampler": ${sampler}}`, 'utf16le')))
  assert.deepEqual(Object.keys(info), ['KSampler'])
})

test('an entry without inputs is left out, and the others stay', async (t) => {
  const info = await loadObjectInfo(saved(t, `{"Broken": {}, "Worse": 1, "KSampler": ${sampler}}`))
  assert.deepEqual(Object.keys(info), ['KSampler'])
})

test('what lists no classes is refused: a workflow, a list, an empty object', async (t) => {
  for (const content of ['{"3": {"class_type": "KSampler", "inputs": {}}}', '[]', '{}']) {
    const error = await refusal(saved(t, content))
    assert.equal(error.code, 'not-object-info')
    assert.match(error.message, /object_info\.json lists no node classes/)
  }
})

test('what is no JSON, no text, not there or a folder is refused', async (t) => {
  assert.equal((await refusal(saved(t, '<html>'))).code, 'not-json')
  assert.equal((await refusal(saved(t, Buffer.from([0x7b, 0xe4, 0x7d])))).code, 'not-json')
  const near = await refusal(join(folderOf(t), 'object-info.json'))
  assert.equal(near.code, 'file-not-found')
  assert.equal(near.hint, 'did you mean "object_info.json"?')
  const folder = join(folderOf(t), 'folder')
  mkdirSync(folder)
  assert.equal((await refusal(folder)).code, 'file-unreadable')
})
