import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { JsonObject, JsonValue } from '../../../src/protocol/json.ts'
import { checkGraph } from '../../../src/workflow/check/check-graph.ts'
import { loadObjectInfo } from '../../../src/workflow/object-info-file.ts'
import { parseWorkflow } from '../../../src/workflow/parse.ts'
import type { Workflow } from '../../../src/workflow/workflow.ts'
import { fixture, graph } from '../helpers.ts'
import { makerOf, objectInfo, short } from './helpers.ts'

/** Classes with the forms of object_info that the embedded server has none of, and lists as a user's server has. */
const info = objectInfo({
  // Pictures of a size that is chosen in one of several ways, each with inputs of its own.
  Canvas: makerOf({
    size: [
      'COMFY_DYNAMICCOMBO_V3',
      {
        options: [
          {
            key: 'pixels',
            inputs: {
              required: { width: ['INT', { min: 1, max: 64 }], shape: ['COMBO', { options: ['a', 'b'] }] },
            },
          },
          { key: 'like', inputs: { required: { image: ['IMAGE', {}] }, optional: { grow: ['FLOAT', {}] } } },
        ],
      },
    ],
  }),
  // As many images as are linked, at least two.
  Collage: makerOf({
    images: [
      'COMFY_AUTOGROW_V3',
      { template: { input: { required: { image: ['IMAGE', {}] } }, prefix: 'image', min: 2, max: 9 } },
    ],
  }),
  CheckpointLoaderSimple: {
    input: { required: { ckpt_name: [['xl\\base.safetensors', 'turbo.safetensors']] } },
    output: ['MODEL', 'CLIP', 'VAE'],
    output_node: false,
  },
  LoadImage: {
    input: { required: { image: [['cat.png', 'dog.png'], { image_upload: true }] } },
    output: ['IMAGE', 'MASK'],
    output_node: false,
  },
})

const canvas = (inputs: JsonObject): Workflow =>
  graph({ '1': ['Canvas', inputs], '9': ['SaveImage', { images: ['1', 0], filename_prefix: 'a' }] })
const sizes = { size: 'pixels', 'size.width': 8, 'size.shape': 'a' }

/** ksampler.json with what the lists above have, and one input set to something else. */
function ksampler(address: string, value: JsonValue | undefined): Workflow {
  const base = fixture('ksampler')
  const nodes = new Map(base.nodes)
  const set = (id: string, input: string, to: JsonValue | undefined): void => {
    const node = nodes.get(id)
    assert.ok(node, id)
    const { [input]: _, ...others } = node.inputs
    nodes.set(id, { ...node, inputs: to === undefined ? others : { ...node.inputs, [input]: to } })
  }
  set('4', 'ckpt_name', 'turbo.safetensors')
  const [id = '', input = ''] = address.split('.')
  set(id, input, value)
  return { ...base, nodes }
}

/** One graph with one mistake: what it is, the graph, what must be found (no more), and words of message and hint. */
const planted: readonly (readonly [string, Workflow, string, readonly string[]])[] = [
  [
    'a class with a letter missing',
    graph({ '5': ['SaveImge', { images: ['1', 0] }], '1': ['EmptyImage', blank()] }),
    'error missing-node 5.',
    ['SaveImge', 'did you mean "SaveImage"'],
  ],
  [
    'a class of a pack that is not installed',
    graph({ '1': ['EmptyImage', blank()], '2': ['VHS_VideoCombine', { images: ['1', 0] }] }),
    'error missing-node 2.',
    ['ComfyUI-VideoHelperSuite', 'install'],
  ],
  [
    'a note',
    graph({ ...saved(), '7': ['MarkdownNote', { text: 'hi' }, 'For people'] }),
    'error browser-node 7.',
    ['"For people" (MarkdownNote)', 'page', 'delete'],
  ],
  [
    'a reroute of the page',
    graph({
      '1': ['EmptyImage', blank()],
      '2': ['Reroute', { '': ['1', 0] }],
      '9': ['SaveImage', { images: ['2', 0], filename_prefix: 'a' }],
    }),
    'error browser-node 2.',
    ['Reroute', 'its own source'],
  ],
  [
    'a primitive of the page',
    graph({ ...saved(), '7': ['PrimitiveNode', {}] }),
    'error browser-node 7.',
    ['page'],
  ],
  [
    'a subgraph that was not resolved',
    graph({ ...saved(), '7': ['0f2b3c4d-1111-4222-8333-123456789abc', {}] }),
    'error browser-node 7.',
    ['subgraph', 'Export (API)'],
  ],
  [
    'an input that is missing',
    ksampler('3.denoise', undefined),
    'error missing-input 3.denoise',
    ['KSampler', 'needs'],
  ],
  [
    'a link that is missing',
    ksampler('3.latent_image', undefined),
    'error missing-input 3.latent_image',
    ['missing'],
  ],
  [
    'a link to a wrong output',
    ksampler('6.clip', ['4', 0]),
    'error wrong-type 6.clip',
    ['CLIP', 'MODEL', '["4", 1]'],
  ],
  [
    'a link to a node of another kind',
    ksampler('3.latent_image', ['8', 0]),
    'error wrong-type 3.latent_image',
    ['LATENT', 'IMAGE'],
  ],
  [
    'an output that there is not',
    ksampler('8.vae', ['4', 3]),
    'error wrong-slot 8.vae',
    ['output 3', 'node 4', '["4", 2]'],
  ],
  [
    'a link to nowhere',
    ksampler('3.model', ['44', 0]),
    'error dangling-link 3.model',
    ['node 44', 'does not exist'],
  ],
  ['a link with a number for a node', ksampler('3.model', [4, 0]), 'error wrong-type 3.model', ['["4", 0]']],
  ['a list that is no link', ksampler('3.model', ['4']), 'error wrong-type 3.model', ['["4"]', '__value__']],
  [
    'a text for a link',
    ksampler('8.vae', 'ae.safetensors'),
    'error wrong-type 8.vae',
    ['"ae.safetensors"', 'VAE'],
  ],
  [
    'a sampler with letters swapped',
    ksampler('3.sampler_name', 'dpmpp_3m_sed'),
    'error value-not-in-list 3.sampler_name',
    ['did you mean "dpmpp_3m_sde"'],
  ],
  [
    'a model in the notation of another system',
    ksampler('4.ckpt_name', 'xl/base.safetensors'),
    'error missing-model 4.ckpt_name',
    ['"xl\\base.safetensors"', 'Windows'],
  ],
  [
    'a model that is not there',
    ksampler('4.ckpt_name', 'dreams.ckpt'),
    'error missing-model 4.ckpt_name',
    ['dreams.ckpt', 'turbo.safetensors', '--model'],
  ],
  [
    'a model in another folder',
    ksampler('4.ckpt_name', 'BASE.safetensors'),
    'error missing-model 4.ckpt_name',
    ['did you mean "xl\\base'],
  ],
  [
    'steps beyond the most',
    ksampler('3.steps', 20_000),
    'error value-out-of-range 3.steps',
    ['20000', '10000'],
  ],
  [
    'the seed that pages use for random',
    ksampler('3.seed', -1),
    'error value-out-of-range 3.seed',
    ['--seed random'],
  ],
  [
    'a seed beyond 64 bits',
    ksampler('3.seed', 2n ** 64n),
    'error value-out-of-range 3.seed',
    ['18446744073709551615'],
  ],
  ['a word for a number', ksampler('3.cfg', 'high'), 'error wrong-type 3.cfg', ['"high"', 'FLOAT']],
  ['half a step', ksampler('3.steps', 20.5), 'warning wrong-type 3.steps', ['20.5', 'takes 20']],
  [
    'an input that the class has not',
    ksampler('5.batchsize', 2),
    'warning unknown-input 5.batchsize',
    ['no such input'],
  ],
  [
    'a dynamic choice that there is not',
    canvas({ size: 'pixel', 'size.width': 8 }),
    'error value-not-in-list 1.size',
    ['did you mean "pixels"'],
  ],
  [
    'an input of a dynamic choice that is missing',
    canvas({ size: 'pixels', 'size.width': 8 }),
    'error missing-input 1.size.shape',
    [],
  ],
  [
    'an input of another dynamic choice',
    canvas({ ...sizes, 'size.grow': 1 }),
    'warning unknown-input 1.size.grow',
    ['size.width'],
  ],
  [
    'a wrong value in a dynamic choice',
    canvas({ ...sizes, 'size.width': 65 }),
    'error value-out-of-range 1.size.width',
    ['64'],
  ],
  [
    'too few in a growing group',
    graph({
      ...saved(),
      '2': ['Collage', { 'images.image1': ['1', 0] }],
      '3': ['PreviewImage', { images: ['2', 0] }],
    }),
    'error missing-input 2.images.image0',
    [],
  ],
  [
    'another type in a growing group',
    graph({
      ...saved(),
      '5': ['EmptyLatentImage', { width: 64, height: 64, batch_size: 1 }],
      '2': ['Collage', { 'images.image0': ['1', 0], 'images.image1': ['5', 0] }],
      '3': ['PreviewImage', { images: ['2', 0] }],
    }),
    'error wrong-type 2.images.image1',
    ['LATENT'],
  ],
  [
    'a type that comes through a switch',
    graph({
      '1': ['EmptyImage', blank()],
      '2': ['ComfySwitchNode', { switch: true, on_true: ['1', 0], on_false: ['1', 0] }],
      '3': ['SaveLatent', { samples: ['2', 0], filename_prefix: 'a' }],
    }),
    'error wrong-type 3.samples',
    ['LATENT', 'IMAGE'],
  ],
  [
    'a loop',
    graph({
      '1': ['ImageInvert', { image: ['2', 0] }],
      '2': ['ImageInvert', { image: ['1', 0] }],
      '9': ['SaveImage', { images: ['1', 0], filename_prefix: 'a' }],
    }),
    'error graph-loop 2.image',
    ['node 1 (ImageInvert) <- node 2 (ImageInvert) <- node 1'],
  ],
  ['no output', graph({ '1': ['EmptyImage', blank()] }), 'error no-output-node .', ['SaveImage']],
  [
    'an input file with a letter too many',
    graph({
      '1': ['LoadImage', { image: 'cats.png' }],
      '9': ['SaveImage', { images: ['1', 0], filename_prefix: 'a' }],
    }),
    'error missing-input-file 1.image',
    ['did you mean "cat.png"', '--set 1.image=@FILE'],
  ],
]

for (const [mistake, workflow, expected, words] of planted) {
  test(`${mistake}: found at its place, and nothing else`, () => {
    const findings = checkGraph(workflow, info)
    assert.deepEqual(short(findings), [expected])
    const [{ message, hint = '' } = { message: '' }] = findings
    for (const word of words)
      assert.ok(`${message}\n${hint}`.includes(word), `"${word}" is not in: ${message} | ${hint}`)
  })
}

test('all mistakes of a graph are told at once, also those behind a broken link', () => {
  const workflow = ksampler('8.samples', ['33', 0])
  const sampler = workflow.nodes.get('3')
  assert.ok(sampler)
  const nodes = new Map(workflow.nodes).set('3', {
    ...sampler,
    inputs: { ...sampler.inputs, steps: 0, scheduler: 'karas' },
  })
  assert.deepEqual(short(checkGraph({ ...workflow, nodes }, info)), [
    'error value-out-of-range 3.steps',
    'error value-not-in-list 3.scheduler',
    'error dangling-link 8.samples',
  ])
})

test('what no output needs is not run: its values are warned of, its open ends are no fault', () => {
  const workflow = graph({
    ...saved(),
    '5': ['CheckpointLoaderSimple', { ckpt_name: 'gone.ckpt' }],
    '6': ['ImageInvert', {}],
  })
  assert.deepEqual(short(checkGraph(workflow, info)), ['warning missing-model 5.ckpt_name'])
})

test('no fixture and no default workflow of ours has a mistake', () => {
  const own = objectInfo()
  for (const name of ['ksampler', 'flux', 'inpaint-alpha', 'refiner', 'controlnet-combine-lora', 'switch']) {
    const wrong = checkGraph(fixture(name), own).filter(
      ({ code }) => code !== 'missing-model' && code !== 'missing-input-file',
    )
    assert.deepEqual(short(wrong), [], name)
  }
})

// Graphs that the official frontend made of its templates. They are too large to be kept in the repository.
const folder = new URL('../../../../shared/ui-to-api/', import.meta.url)
const skip = existsSync(folder) ? false : 'the templates (../shared/ui-to-api) are not here'

test(
  'of the official templates nothing is reported but models that the recorded server lacks',
  { skip },
  async () => {
    const recorded = await loadObjectInfo(new URL('object_info.json', folder).pathname)
    const pairs = new URL('pairs/', folder)
    let templates = 0
    const named = new Set<string>()
    for (const file of readdirSync(pairs).filter((name) => name.endsWith('.api.json'))) {
      templates += 1
      const workflow = parseWorkflow(readFileSync(new URL(file, pairs), 'utf8'), file)
      for (const { code, node = '', input = '', message } of checkGraph(workflow, recorded)) {
        assert.equal(code, 'missing-model', `${file}: ${message}`)
        const value = workflow.nodes.get(node)?.inputs[input]
        if (typeof value === 'string') named.add(`${file} ${value}`)
      }
      // Every value that is a model file, and none of the two that the recorded server had.
      for (const { inputs } of workflow.nodes.values()) {
        for (const value of Object.values(inputs)) {
          const isModel =
            typeof value === 'string' && /^[^\n:?]+\.(?:safetensors|ckpt|pth|pt|onnx|gguf)$/.test(value)
          if (isModel && value !== 'sdXL_v10VAEFix.safetensors')
            assert.ok(named.has(`${file} ${value}`), `${file}: ${value}`)
        }
      }
    }
    assert.ok(templates >= 300)
    assert.ok(named.size > 400, String(named.size))
  },
)

function blank(): JsonObject {
  return { width: 8, height: 8, batch_size: 1, color: 0 }
}

/** An empty image that is saved. */
function saved(): Record<string, readonly [string, JsonObject]> {
  return { '1': ['EmptyImage', blank()], '9': ['SaveImage', { images: ['1', 0], filename_prefix: 'a' }] }
}
