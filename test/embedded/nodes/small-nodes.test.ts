import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { linked } from '../../../src/embedded/nodes/values.ts'
import { imageOf, node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'
import type { JsonValue } from '../../../src/protocol/json.ts'

for (const [class_type, value, shown] of [
  ['PrimitiveInt', 9007199254740993n, '9007199254740993'],
  ['PrimitiveFloat', 2, '2.0'],
  ['PrimitiveFloat', Number.NaN, 'nan'],
  ['PrimitiveBoolean', true, 'True'],
  ['PrimitiveString', 'it\u2019s', 'it\u2019s'],
  ['PrimitiveStringMultiline', 'a\nb', 'a\nb'],
] as ReadonlyArray<readonly [string, JsonValue, string]>) {
  test(`PreviewAny shows ${class_type} as ${JSON.stringify(shown)}`, async (t) => {
    const graph = { a: { class_type, inputs: { value } }, p: node('PreviewAny', { source: ['a', 0] }) }
    const run = await runGraph(graph, await serverFolders(t))
    assert.deepEqual(run.results.get('p')?.ui, { text: [shown] })
  })
}

test('PreviewAny names what cannot be shown', async (t) => {
  const graph = {
    a: node('EmptyImage', { width: 1, height: 1, batch_size: 1, color: 0 }),
    p: node('PreviewAny', { source: ['a', 0] }),
  }
  assert.deepEqual((await runGraph(graph, await serverFolders(t))).results.get('p')?.ui, {
    text: ['<image>'],
  })
})

test('SaveText writes the text and shows it', async (t) => {
  const folders = await serverFolders(t)
  const run = await runGraph(
    { s: node('SaveText', { text: 'h\u00e9', filename_prefix: 'x', format: 'md' }) },
    folders,
  )
  assert.deepEqual(run.results.get('s')?.ui, {
    text: ['h\u00e9'],
    files: [{ filename: 'x_00001.md', subfolder: '', type: 'output' }],
  })
  assert.equal(await readFile(join(folders.output, 'x_00001.md'), 'utf8'), 'h\u00e9')
})

test('ComfySwitchNode takes one of two', async (t) => {
  const choose = (on: boolean) => node('ComfySwitchNode', { switch: on, on_false: 'no', on_true: 'yes' })
  const run = await runGraph({ a: choose(true), b: choose(false) }, await serverFolders(t))
  assert.deepEqual([run.results.get('a')?.outputs, run.results.get('b')?.outputs], [['yes'], ['no']])
})

test('masks: a channel, turned round, as a picture, and shown', async (t) => {
  const folders = await serverFolders(t)
  const run = await runGraph(
    {
      a: node('EmptyImage', { width: 2, height: 1, batch_size: 2, color: 0x640000 }),
      m: node('ImageToMask', { image: ['a', 0], channel: 'red' }),
      i: node('InvertMask', { mask: ['m', 0] }),
      p: node('MaskToImage', { mask: ['i', 0] }),
      v: node('MaskPreview', { mask: ['m', 0] }),
    },
    folders,
  )
  assert.deepEqual([...(imageOf(run, 'p').frames[1]?.data ?? [])], [155, 155, 155, 155, 155, 155])
  assert.deepEqual(run.results.get('v')?.ui?.animated, [false])
  await assert.rejects(
    runGraph(
      {
        a: node('EmptyImage', { width: 2, height: 1, batch_size: 1, color: 0 }),
        m: node('ImageToMask', { image: ['a', 0], channel: 'alpha' }),
      },
      folders,
    ),
    /index 3 is out of bounds for dimension 3 with size 3/,
  )
})

test('an upscale model enlarges by the factor in its name, and marks the picture', async (t) => {
  const run = await runGraph(
    {
      a: node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: 0 }),
      m: node('UpscaleModelLoader', { model_name: '2x_soft.pth' }),
      u: node('ImageUpscaleWithModel', { upscale_model: ['m', 0], image: ['a', 0] }),
    },
    await serverFolders(t),
  )
  const image = imageOf(run, 'u')
  assert.equal(image.frames[0]?.width, 128)
  assert.match(image.rehearsal ?? '', /no model ran/)
  assert.ok(image.frames[0]?.data.includes(200), 'the amber of the mark')
})

test('LoRAs go into the name of the model, unless their strength is 0', async (t) => {
  const lora = (strength_model: number) =>
    node('LoraLoaderModelOnly', { model: ['c', 0], lora_name: 'detail.safetensors', strength_model })
  const run = await runGraph(
    { c: node('CheckpointLoaderSimple', { ckpt_name: 'x' }), on: lora(0.5), off: lora(0) },
    await serverFolders(t),
  )
  const names = ['on', 'off'].map((id) => linked('model', run.results.get(id)?.outputs[0]).name)
  assert.deepEqual(names, ['x + detail.safetensors 0.5', 'x'])
})

test('conditioning: texts are joined, repeats once, zeroed out to nothing', async (t) => {
  const encode = (text: string) => node('CLIPTextEncode', { text, clip: ['c', 1] })
  const run = await runGraph(
    {
      c: node('CheckpointLoaderSimple', { ckpt_name: 'x' }),
      a: encode('a cat'),
      b: encode('a dog'),
      both: node('ConditioningCombine', { conditioning_1: ['a', 0], conditioning_2: ['b', 0] }),
      zero: node('ConditioningZeroOut', { conditioning: ['a', 0] }),
      flux: node('CLIPTextEncodeFlux', { clip: ['c', 1], clip_l: 'same', t5xxl: 'same', guidance: 3.5 }),
    },
    await serverFolders(t),
  )
  const texts = ['both', 'zero', 'flux'].map(
    (id) => linked('conditioning', run.results.get(id)?.outputs[0]).text,
  )
  assert.deepEqual(texts, ['a cat a dog', '', 'same'])
})

test('SaveLatent: a safetensors file of the right shape', async (t) => {
  const folders = await serverFolders(t)
  await runGraph(
    {
      l: node('EmptyLatentImage', { width: 16, height: 40, batch_size: 2 }),
      s: node('SaveLatent', { samples: ['l', 0], filename_prefix: 'latents/x' }),
    },
    folders,
  )
  const bytes = await readFile(join(folders.output, 'latents', 'x_00001_.latent'))
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, unknown>
  assert.deepEqual(header.latent_tensor, { dtype: 'F32', shape: [2, 4, 5, 2], data_offsets: [0, 320] })
  assert.equal(bytes.length, 8 + length + 320)
  assert.match(JSON.stringify(header.__metadata__), /EmptyLatentImage/)
})
