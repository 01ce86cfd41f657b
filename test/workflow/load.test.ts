import assert from 'node:assert/strict'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import * as fc from 'fast-check'
import sharp from 'sharp'
import { ComfyRunError } from '../../src/errors.ts'
import { stringifyJson } from '../../src/protocol/json.ts'
import type { ObjectInfo } from '../../src/protocol/object-info.ts'
import { withPngText } from '../../src/protocol/png-text.ts'
import { loadWorkflow, workflowFrom } from '../../src/workflow/load.ts'
import { toGraph } from '../../src/workflow/workflow.ts'
import { folderOf } from '../rig/folder.ts'
import { objectInfo, uiGraph } from './convert/helpers.ts'
import { fixture, workflows } from './helpers.ts'

const flux = fixture('flux')
const text = stringifyJson(toGraph(flux), 2)

async function refusal(source: string): Promise<ComfyRunError> {
  return refused(loadWorkflow(source))
}

async function refused(loading: Promise<unknown>): Promise<ComfyRunError> {
  const error: unknown = await loading.then(
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

test('UTF-16 with its mark is read, as the redirections of PowerShell write it', async () => {
  const little = Buffer.from(`\uFEFF${text}`, 'utf16le')
  assert.deepEqual((await workflowFrom(little, 'f.json')).nodes, flux.nodes)
  assert.deepEqual((await workflowFrom(Buffer.from(little).swap16(), 'f.json')).nodes, flux.nodes)
})

test('text in another encoding is refused: its prompts would be wrong', async () => {
  const latin1 = Buffer.from('{"1": {"class_type": "X", "inputs": {"text": "grün"}}}', 'latin1')
  const { code, message, where } = await refused(workflowFrom(latin1, 'f.json'))
  assert.deepEqual([code, where], ['not-json', { file: 'f.json' }])
  assert.match(message, /not UTF-8/)
})

test('other files are refused as what they are', async () => {
  assert.equal((await refused(workflowFrom(Buffer.from('GIF89a'), 'a.gif'))).code, 'no-workflow-in-image')
  assert.equal((await refused(workflowFrom(Buffer.from('PK\x03\x04\0'), 'a.zip'))).code, 'not-a-workflow')
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

test('written in any encoding and read again, a workflow is the same', async () => {
  await fc.assert(
    fc.asyncProperty(workflows, fc.constantFrom('utf8', 'utf16le'), async (workflow, encoding) => {
      const written = Buffer.from(`\uFEFF${stringifyJson(toGraph(workflow))}`, encoding)
      const again = await workflowFrom(written, workflow.source)
      assert.deepEqual(Object.fromEntries(again.nodes), Object.fromEntries(workflow.nodes))
    }),
  )
})

const page = stringifyJson(
  uiGraph({
    1: { type: 'Encode', values: ['{red|green|blue} {a|b|c|d|e|f|g|h}'] },
    2: { type: 'Save', values: ['%date:yyyy-MM-dd%'] },
  }),
)

test('a graph of the page is converted, from a file, from an image that holds nothing else, and from stdin', async (t) => {
  const plain = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
  const image = withPngText(await plain.png().toBuffer(), { workflow: page })
  const folder = folderOf(t)
  writeFileSync(join(folder, 'page.json'), page)
  writeFileSync(join(folder, 'page.png'), image)
  const nodeClasses = async (): Promise<ObjectInfo> => objectInfo
  for (const name of ['page.json', 'page.png']) {
    const { nodes, uiWorkflow } = await loadWorkflow(join(folder, name), { nodeClasses })
    assert.deepEqual([...nodes.keys()], ['1', '2'])
    assert.deepEqual(uiWorkflow, JSON.parse(page))
  }
  t.mock.getter(process, 'stdin', () => Readable.from([Buffer.from(page)]))
  const { nodes, source } = await loadWorkflow('-', { nodeClasses })
  assert.deepEqual([[...nodes.keys()], source], [['1', '2'], 'stdin'])
})

test('it is converted the same way each time: its choices follow from it, its date is that of the file', async (t) => {
  const file = join(folderOf(t), 'page.json')
  writeFileSync(file, page)
  utimesSync(file, new Date(), new Date(2031, 4, 6))
  const inputsOf = async (): Promise<unknown> =>
    Array.from(
      (await loadWorkflow(file, { nodeClasses: async () => objectInfo })).nodes.values(),
      ({ inputs }) => inputs,
    )
  const inputs = await inputsOf()
  assert.match(stringifyJson(inputs), /"(?:red|green|blue) [a-h]".*"2031-05-06"/)
  assert.deepEqual(await inputsOf(), inputs)
})

test('without node classes it is refused, and they are not asked for in vain', async (t) => {
  const file = join(folderOf(t), 'page.json')
  writeFileSync(file, page)
  const { code, hint } = await refusal(file)
  assert.equal(code, 'ui-workflow')
  assert.match(hint ?? '', /--object-info/)
  writeFileSync(file, text)
  const nodeClasses = async (): Promise<never> => assert.fail('nobody needs them')
  assert.deepEqual((await loadWorkflow(file, { nodeClasses })).nodes, flux.nodes)
  const atHand = { nodeClasses: async () => objectInfo, areClassesAtHand: true }
  assert.equal((await loadWorkflow(file, atHand)).nodeClasses, objectInfo)
})
