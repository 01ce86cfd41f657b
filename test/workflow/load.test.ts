import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import * as fc from 'fast-check'
import sharp from 'sharp'
import { ComfyRunError } from '../../src/errors.ts'
import { stringifyJson } from '../../src/protocol/json.ts'
import { withPngText } from '../../src/protocol/png-text.ts'
import { loadWorkflow, workflowFrom } from '../../src/workflow/load.ts'
import { toGraph } from '../../src/workflow/workflow.ts'
import { folderOf } from '../rig/folder.ts'
import { failure, fixture, workflows } from './helpers.ts'

const flux = fixture('flux')
const text = stringifyJson(toGraph(flux), 2)

async function refusal(source: string): Promise<ComfyRunError> {
  const error: unknown = await loadWorkflow(source).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ComfyRunError, 'it was not refused')
  return error
}

async function image(): Promise<Buffer> {
  const plain = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
  return withPngText(await plain.png().toBuffer(), { prompt: text })
}

test('a JSON file is loaded, and an image, whatever it is called', async (t) => {
  for (const [name, bytes] of [
    ['flux.json', text],
    ['flux.txt', await image()],
  ] as const) {
    const file = join(folderOf(t), name)
    writeFileSync(file, bytes)
    const { nodes, source } = await loadWorkflow(file)
    assert.deepEqual(nodes, flux.nodes)
    assert.equal(source, file)
  }
})

test('stdin may be JSON or an image', async (t) => {
  for (const bytes of [Buffer.from(text), await image()]) {
    t.mock.getter(process, 'stdin', () => Readable.from([bytes.subarray(0, 50), bytes.subarray(50)]))
    const { nodes, source } = await loadWorkflow('-')
    t.mock.restoreAll()
    assert.deepEqual(nodes, flux.nodes)
    assert.equal(source, 'stdin')
  }
})

test('UTF-16 with its mark is read, as the redirections of PowerShell write it', () => {
  const little = Buffer.from(`\uFEFF${text}`, 'utf16le')
  assert.deepEqual(workflowFrom(little, 'f.json').nodes, flux.nodes)
  assert.deepEqual(workflowFrom(Buffer.from(little).swap16(), 'f.json').nodes, flux.nodes)
})

test('text in another encoding is refused: its prompts would be wrong', () => {
  const latin1 = Buffer.from('{"1": {"class_type": "X", "inputs": {"text": "grün"}}}', 'latin1')
  const { code, message, where } = failure(() => workflowFrom(latin1, 'f.json'))
  assert.deepEqual([code, where], ['not-json', { file: 'f.json' }])
  assert.match(message, /not UTF-8/)
})

test('other files are refused as what they are', () => {
  assert.equal(failure(() => workflowFrom(Buffer.from('GIF89a'), 'a.gif')).code, 'no-workflow-in-image')
  assert.equal(failure(() => workflowFrom(Buffer.from('PK\x03\x04\0'), 'a.zip')).code, 'not-a-workflow')
})

test('a file that is not there: files of that folder with a name like it', async (t) => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'flux.json'), text)
  const { code, hint } = await refusal(join(folder, 'fluks.json'))
  assert.equal(code, 'file-not-found')
  assert.equal(hint, `did you mean "${join(folder, 'flux.json')}"?`)
})

test('a folder that is not there is said', async (t) => {
  const folder = folderOf(t)
  const { code, hint } = await refusal(join(folder, 'none', 'flux.json'))
  assert.deepEqual([code, hint], ['file-not-found', `there is no folder "${join(folder, 'none')}" either`])
})

test('a file where a folder should be is no folder', async (t) => {
  const file = join(folderOf(t), 'flux.json')
  writeFileSync(file, text)
  assert.equal((await refusal(join(file, 'flux.json'))).code, 'file-not-found')
})

test('a folder is no workflow', async (t) => {
  const folder = join(folderOf(t), 'flux.json')
  mkdirSync(folder)
  const { code, message } = await refusal(folder)
  assert.equal(code, 'file-unreadable')
  assert.match(message, /it is a folder/)
})

test('written in any encoding and read again, a workflow is the same', () => {
  fc.assert(
    fc.property(workflows, fc.constantFrom('utf8', 'utf16le'), (workflow, encoding) => {
      const written = Buffer.from(`\uFEFF${stringifyJson(toGraph(workflow))}`, encoding)
      const again = workflowFrom(written, workflow.source)
      assert.deepEqual(Object.fromEntries(again.nodes), Object.fromEntries(workflow.nodes))
    }),
  )
})
