import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stringifyJson, type JsonObject } from '../../src/protocol/json.ts'
import type { Lora } from '../../src/workflow/lora.ts'
import { withLoras } from '../../src/workflow/loras.ts'
import { failure, fixture, graph } from './helpers.ts'

type Nodes = Readonly<Record<string, readonly [string, JsonObject]>>

/** The LoRA loaders from the sampler back to the model, as `name:strength`. */
function chain(nodes: Nodes, ...loras: Lora[]): string[] {
  const made = withLoras(graph(nodes), loras)
  const found: string[] = []
  let link = made.nodes.get('1')?.inputs['model']
  while (Array.isArray(link)) {
    const inputs: JsonObject = made.nodes.get(String(link[0]))?.inputs ?? {}
    if ('lora_name' in inputs)
      found.push(
        `${stringifyJson(inputs['lora_name'] ?? '').slice(1, -1)}:${stringifyJson(inputs['strength_model'])}`,
      )
    link = inputs['model']
  }
  return found.reverse()
}

const lora = (name: string, from: string, strength = 1): readonly [string, JsonObject] => [
  'LoraLoaderModelOnly',
  { lora_name: name, strength_model: strength, model: [from, 0] },
]

const base: Nodes = {
  1: ['KSampler', { steps: 4, seed: 1, model: ['2', 0], positive: ['6', 0], latent_image: ['7', 0] }],
  2: ['ModelSampling', { shift: 3, model: ['3', 0] }],
  3: ['UNETLoader', { unet_name: 'model' }],
  6: ['CLIPTextEncode', { text: 'a fox' }],
  7: ['EmptyLatentImage', { width: 64, height: 64 }],
  9: ['SaveImage', { filename_prefix: 'x', images: ['1', 0] }],
}

test('where none is loaded, each is put in, in their order', () => {
  assert.deepEqual(chain(base, { name: 'a', strength: 0.5 }, { name: 'b' }), ['a:0.5', 'b:1'])
})

const styled: Nodes = {
  ...base,
  2: ['ModelSampling', { shift: 3, model: ['4', 0] }],
  4: lora('style', '3', 0.7),
}

test('one that is loaded already gets the strength, or stays as it is', () => {
  assert.deepEqual(chain(styled, { name: 'style', strength: 0.2 }), ['style:0.2'])
  assert.deepEqual(chain(styled, { name: 'style' }), ['style:0.7'])
})

test('another takes the place of the one that is loaded, and what is left is put in', () => {
  assert.deepEqual(chain(styled, { name: 'ink' }), ['ink:0.7'])
  assert.deepEqual(chain(styled, { name: 'ink', strength: 1.5 }, { name: 'b' }), ['b:1', 'ink:1.5'])
  assert.deepEqual(chain(styled, { name: 'style' }, { name: 'b' }), ['b:1', 'style:0.7'])
})

test('one that speeds the model up keeps its place', () => {
  for (const name of ['Qwen-Image-Lightning-4steps-V1.0', 'lcm_sdxl', 'flux-turbo', 'hyper-sd15-8step']) {
    const fast: Nodes = { ...styled, 4: lora(name, '3') }
    assert.deepEqual(chain(fast, { name: 'ink' }), ['ink:1', `${name}:1`])
    assert.deepEqual(chain(fast, { name, strength: 0.5 }), [`${name}:0.5`])
  }
})

test('a loader that a constant switch leaves out has no place to take', () => {
  const off: Nodes = {
    ...base,
    2: ['ComfySwitchNode', { switch: false, on_true: ['4', 0], on_false: ['3', 0] }],
    4: lora('style', '3'),
  }
  const made = withLoras(graph(off), [{ name: 'ink' }])
  assert.equal(made.nodes.get('4')?.inputs['lora_name'], 'style')
  const added = [...made.nodes].find(([id]) => !(id in off))
  assert.deepEqual(made.nodes.get('2')?.inputs['on_false'], [added?.[0], 0])
})

test('of two experts each gets it; of a refiner only the base', () => {
  const experts: Nodes = {
    ...base,
    9: ['SaveImage', { filename_prefix: 'x', images: ['10', 0] }],
    10: ['KSampler', { steps: 4, seed: 1, model: ['11', 0], positive: ['6', 0], latent_image: ['1', 0] }],
    11: ['UNETLoader', { unet_name: 'low' }],
  }
  const made = withLoras(graph(experts), [{ name: 'ink' }])
  assert.equal(made.nodes.size, Object.keys(experts).length + 2)
  const refined = withLoras(fixture('refiner'), [{ name: 'ink' }])
  assert.equal(refined.nodes.size, fixture('refiner').nodes.size + 1)
  assert.deepEqual(
    refined.nodes.get('11')?.inputs['model'],
    fixture('refiner').nodes.get('11')?.inputs['model'],
  )
})

test('a name and a strength that primitives hold are set there', () => {
  const held: Nodes = {
    ...styled,
    4: ['LoraLoaderModelOnly', { lora_name: ['20', 0], strength_model: ['21', 0], model: ['3', 0] }],
    20: ['PrimitiveString', { value: 'style' }],
    21: ['PrimitiveFloat', { value: 0.7 }],
  }
  const made = withLoras(graph(held), [{ name: 'ink', strength: 0.1 }])
  assert.deepEqual(
    [made.nodes.get('20')?.inputs['value'], made.nodes.get('21')?.inputs['value']],
    ['ink', 0.1],
  )
})

test('a workflow without a model is refused', () => {
  const error = failure(() => withLoras(fixture('upscale-only'), [{ name: 'ink' }]))
  assert.equal(error.code, 'unknown-role')
  const workflow = fixture('upscale-only')
  assert.equal(withLoras(workflow, []), workflow)
})
