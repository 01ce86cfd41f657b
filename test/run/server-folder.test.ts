import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../src/protocol/json.ts'
import { ServerFolder } from '../../src/run/server-folder.ts'

const folder = new ServerFolder('now')

/** The prefix of a save node in the run's folder. */
function prefixOf(
  prefix: JsonValue,
  { index = 1, params = {}, attempt = 1, classType = 'SaveImage' } = {},
): JsonValue | undefined {
  const graph = { '9': { class_type: classType, inputs: { images: ['8', 0], filename_prefix: prefix } } }
  return folder.apply(graph, { index, params }, attempt)['9']?.inputs['filename_prefix']
}

test('every 25 jobs have a folder of their own', () => {
  assert.equal(prefixOf('ComfyUI'), 'comfy-run/now/0/1-ComfyUI')
  assert.equal(prefixOf('video/%date%', { index: 25 }), 'comfy-run/now/0/video/25-%date%')
  assert.equal(prefixOf('ComfyUI', { index: 26 }), 'comfy-run/now/1/26-ComfyUI')
})

test('the files of two jobs never have the same name, also on servers with one folder', () => {
  // pitfall 25
  assert.notEqual(prefixOf('ComfyUI', { index: 1 }), prefixOf('ComfyUI', { index: 2 }))
  assert.equal(prefixOf('', { index: 2 }), 'comfy-run/now/0/2-')
  assert.equal(prefixOf('a\\b', { index: 2 }), 'comfy-run/now/0/a\\2-b')
})

test('a further attempt saves elsewhere, so that nothing comes from the cache', () => {
  assert.equal(prefixOf('ComfyUI', { attempt: 2 }), 'comfy-run/now/0-2/1-ComfyUI')
})

test('it knows its own files, whatever the way in which the server writes paths', () => {
  const file = { filename: '1-fox_00001_.png' }
  for (const subfolder of ['comfy-run/now/0', 'comfy-run\\now\\0-2', 'comfy-run/now/0/video..']) {
    assert.ok(folder.holds({ ...file, subfolder }), subfolder)
    for (const filename of ['../../../mine.png', '..\\..\\..\\mine.png', '..'])
      assert.ok(!folder.holds({ ...file, subfolder, filename }), filename)
  }
  for (const subfolder of [
    '',
    'comfy-run',
    'comfy-run/nowhere/0',
    'x/comfy-run/now/0',
    'comfy-run/now/../..',
  ])
    assert.ok(!folder.holds({ ...file, subfolder }), subfolder)
})

test('a prefix that the user asked for stays', () => {
  for (const key of ['prefix', '9.filename_prefix', '@Save.filename_prefix']) {
    assert.equal(prefixOf('mine', { params: { [key]: 'mine' } }), 'mine')
  }
})

test('what is no prefix within the output folder stays, and so do places of models', () => {
  for (const prefix of ['../x', 'a/../../x', '..\\x', '/x', 'C:\\x']) assert.equal(prefixOf(prefix), prefix)
  assert.deepEqual(prefixOf(['5', 0]), ['5', 0])
  assert.equal(prefixOf('checkpoints/mix', { classType: 'CheckpointSave' }), 'checkpoints/mix')
  assert.equal(prefixOf('a..b'), 'comfy-run/now/0/1-a..b')
})

test('two runs have two folders', () => {
  const graph = { '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'x' } } }
  const apply = (): unknown => new ServerFolder().apply(graph, { index: 1, params: {} })
  assert.notDeepEqual(apply(), apply())
})
