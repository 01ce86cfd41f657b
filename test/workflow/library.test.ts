import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkGraph } from '../../src/workflow/check/check-graph.ts'
import { libraryNames, libraryWorkflow, libraryWorkflows } from '../../src/workflow/library.ts'
import { loadWorkflow } from '../../src/workflow/load.ts'
import { failureOf } from '../plan/helpers.ts'
import { objectInfo } from './check/helpers.ts'

const wanted =
  'controlnet flux-dev flux-schnell image-edit inpaint outpaint qwen-image sd15 sd35 sdxl sdxl-refiner upscale video'

test('what people ask for is there, and each says what it does and where its models are', async () => {
  const found = await libraryWorkflows()
  const names = new Set(found.map(({ name }) => name))
  for (const name of wanted.split(' ')) assert.ok(names.has(name), name)
  for (const { name, about, models } of found) {
    assert.ok(about.length > 5 && about.length < 120, name)
    assert.ok(models.length > 0, name)
    for (const { url } of models) assert.match(url ?? 'https://', /^https:\/\//)
  }
})

test('none has a mistake, every model that one names is listed, and every node has a title', async () => {
  const info = objectInfo()
  const listed = new Map((await libraryWorkflows()).map(({ name, models }) => [name, models]))
  for (const name of await libraryNames()) {
    const workflow = await libraryWorkflow(name)
    assert.ok(workflow)
    const wrong = checkGraph(workflow, info).filter(({ code }) => code !== 'missing-input-file')
    assert.deepEqual(wrong, [], name)
    const models = new Set(listed.get(name)?.map((model) => model.name))
    for (const { inputs, title } of workflow.nodes.values()) {
      assert.ok(title, name)
      for (const value of Object.values(inputs)) {
        if (typeof value === 'string' && value.endsWith('.safetensors')) assert.ok(models.has(value), value)
      }
    }
  }
})

test('a file of that name comes first; a name that is neither is an error with the near ones', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'comfy-run-library-'))
  t.after(async () => rm(folder, { recursive: true }))
  assert.equal((await loadWorkflow('sdxl')).source, 'sdxl')
  const file = join(folder, 'sdxl')
  await writeFile(file, '{"1": {"class_type": "EmptyImage", "inputs": {}}}')
  assert.equal((await loadWorkflow(file)).nodes.size, 1)
  const { code, hint } = await failureOf(async () => loadWorkflow('flux-dve'))
  assert.equal(code, 'file-not-found')
  assert.match(hint ?? '', /"flux-dev"/)
})
