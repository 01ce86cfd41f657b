import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { JsonObject } from '../../src/protocol/json.ts'
import { findRoles, isFurtherFile, roleNames, type Role } from '../../src/workflow/roles.ts'
import type { Workflow } from '../../src/workflow/workflow.ts'
import { addresses, fixture, graph, withNodes, workflows } from './helpers.ts'

/** What plays some roles: addresses, and in brackets what is the matter. */
function played(workflow: Workflow, ...roles: readonly Role[]): string[] {
  const found = findRoles(workflow)
  return roles.map((role) => {
    const { targets = [], problem } = found.get(role) ?? {}
    return `${addresses(targets)}${problem === undefined ? '' : ` (${problem})`}`.trim()
  })
}

const noSize = '(nothing that the workflow makes has a size of its own)'

test('every role of the usual graph, and what it holds', () => {
  const found = [...findRoles(fixture('ksampler')).values()]
  assert.deepEqual(
    found
      .filter(({ role }) => !isFurtherFile(role))
      .map(({ role, targets, value, problem }) => [role, addresses(targets), value ?? problem]),
    [
      ['prompt', '6.text', 'a fox'],
      ['negative', '7.text', 'blurry'],
      ['seed', '3.seed', 7],
      ['steps', '3.steps', 20],
      ['cfg', '3.cfg', 7.5],
      ['sampler', '3.sampler_name', 'euler'],
      ['scheduler', '3.scheduler', 'normal'],
      ['denoise', '3.denoise', 1],
      ['width', '5.width', 512],
      ['height', '5.height', 768],
      ['batch', '5.batch_size', 2],
      ['frames', '', 'the workflow makes no video of a length of its own'],
      ['fps', '', 'no node has a frame rate'],
      ['image', '', 'the workflow loads no image'],
      ['mask', '', 'no mask comes from a file of its own'],
      ['video', '', 'the workflow loads no video'],
      ['audio', '', 'the workflow loads no audio'],
      ['model', '4.ckpt_name', 'base.safetensors'],
      ['prefix', '9.filename_prefix', 'out/fox'],
    ],
  )
})

test('ids from inside a subgraph are ids like any other', () => {
  assert.deepEqual(played(fixture('subgraph-ids'), 'prompt', 'seed', 'prefix'), [
    '57:6.text',
    '57:3.seed',
    '9.filename_prefix',
  ])
})

test('values that come from primitives are set there', () => {
  assert.deepEqual(played(fixture('primitives'), 'prompt', 'seed', 'steps', 'width', 'height', 'cfg'), [
    '34.value',
    '30.value',
    '31.value',
    '32.value',
    '32.value',
    '3.cfg',
  ])
  assert.deepEqual(played(fixture('checkpoint-by-primitive'), 'model'), ['50.value'])
})

test('a refiner gets the texts and settings of the base, but no seed and no model', () => {
  assert.deepEqual(played(fixture('refiner'), 'prompt', 'negative', 'steps', 'seed', 'model'), [
    '6.text 15.text',
    '7.text 16.text',
    '10.steps 11.steps',
    '10.noise_seed',
    '4.ckpt_name',
  ])
})

test('two passes with settings of their own: the seed is for both, the steps are ambiguous', () => {
  assert.deepEqual(played(fixture('hires'), 'seed', 'cfg', 'steps', 'width'), [
    '3.seed 21.seed',
    '3.cfg 21.cfg',
    '3.steps 21.steps (several inputs could be meant, with different values: 3.steps, 21.steps)',
    '5.width',
  ])
})

test('ControlNet, combined conditioning and LoRA are followed through', () => {
  const roles = played(fixture('controlnet-combine-lora'), 'prompt', 'negative', 'model', 'image')
  assert.deepEqual(roles, ['6.text', '7.text', '4.ckpt_name', '17.image'])
})

test('all texts of one encoder are the prompt, though they differ', () => {
  assert.deepEqual(played(fixture('sdxl-text'), 'prompt', 'negative'), ['6.text_g 6.text_l', '7.text'])
  assert.equal(findRoles(fixture('sdxl-text')).get('prompt')?.value, 'a fox in snow')
  assert.deepEqual(played(fixture('flux'), 'prompt'), ['20.t5xxl 20.clip_l'])
})

test('base and refiner have one prompt, though in words of their own', () => {
  const other = withNodes(fixture('refiner'), {
    15: ['CLIPTextEncode', { text: 'a wolf', clip: ['12', 1] }],
  })
  assert.deepEqual(played(other, 'prompt'), ['6.text 15.text'])
})

test('two different texts for one sampler are ambiguous', () => {
  const usual = fixture('ksampler')
  const other = withNodes(usual, {
    3: ['KSampler', { ...usual.nodes.get('3')?.inputs, positive: ['20', 0] }],
    6: ['CLIPTextEncode', { text: 'a fox', clip: ['4', 1] }],
    20: ['ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['21', 0] }],
    21: ['CLIPTextEncode', { text: 'a wolf', clip: ['4', 1] }],
  })
  assert.deepEqual(played(other, 'prompt'), [
    '6.text 21.text (several inputs could be meant, with different values: 6.text, 21.text)',
  ])
})

test('a custom sampler: settings are found behind its guider, noise, and split and flipped sigmas', () => {
  const roles = ['seed', 'steps', 'scheduler', 'denoise', 'sampler', 'width', 'model'] as const
  assert.deepEqual(played(fixture('flux'), ...roles), [
    '23.noise_seed',
    '25.steps',
    '25.scheduler',
    '25.denoise',
    '24.sampler_name',
    '27.width',
    '10.unet_name',
  ])
  assert.equal(findRoles(fixture('flux')).get('seed')?.value, 18446744073709551615n)
})

test('settings of the nodes that change sigmas are not the settings of the sampler', () => {
  const flux = withNodes(fixture('flux'), {
    36: ['SplitSigmasDenoise', { denoise: 0.5, steps: 3, sigmas: ['26', 0] }],
  })
  assert.deepEqual(played(flux, 'denoise', 'steps'), ['25.denoise', '25.steps'])
})

test('a size that an image gives is no file name', () => {
  assert.deepEqual(played(fixture('size-from-image'), 'width', 'height', 'batch', 'image'), [
    '(it is the size of what node 10 (LoadImage) loads)',
    '(it is the size of what node 10 (LoadImage) loads)',
    '5.batch_size',
    '10.image',
  ])
})

test('one text on both sides is the prompt and never the negative', () => {
  const problem = '(the positive text also reaches the negative side)'
  assert.deepEqual(played(fixture('shared-negative'), 'prompt', 'negative'), ['6.text', problem])
  // Where the negative side has a text of its own beside it, that one is meant.
  const both = withNodes(fixture('ksampler'), {
    3: ['KSampler', { ...fixture('ksampler').nodes.get('3')?.inputs, negative: ['20', 0] }],
    20: ['ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['7', 0] }],
  })
  assert.deepEqual(played(both, 'prompt', 'negative'), ['6.text', '7.text'])
})

test('a negative that is zeroed out has no text', () => {
  assert.deepEqual(played(fixture('zeroed-negative'), 'prompt', 'negative'), [
    '6.text',
    '(no text reaches the negative side of a sampler)',
  ])
})

test('a text that is put together is set where a person would edit it, or not at all', () => {
  assert.deepEqual(played(fixture('string-edit'), 'prompt'), ['61.value'])
  const half = withNodes(fixture('sdxl-text'), {
    6: ['CLIPTextEncodeSDXL', { text_g: 'a fox', text_l: ['60', 0], clip: ['4', 1] }],
    60: ['StringConcatenate', { string_a: 'a', string_b: 'b', delimiter: ' ' }],
  })
  assert.deepEqual(played(half, 'prompt'), [
    '6.text_g (only 6.text_g can be set, the rest is computed by node 60 (StringConcatenate))',
  ])
})

test('of a switch in a fixed position the chosen side counts', () => {
  assert.deepEqual(played(fixture('switch'), 'prompt'), ['42.value'])
  const off = withNodes(fixture('switch'), { 43: ['PrimitiveBoolean', { value: false }] })
  assert.deepEqual(played(off, 'prompt'), ['41.value'])
})

test('merged models are ambiguous', () => {
  assert.deepEqual(played(fixture('model-merge'), 'model'), [
    '4.ckpt_name 51.ckpt_name (several inputs could be meant, with different values: 4.ckpt_name, 51.ckpt_name)',
  ])
})

test('image to image: the image is found behind scaling, and the size is what it is scaled to', () => {
  assert.deepEqual(played(fixture('img2img-scaled'), 'image', 'width', 'mask'), [
    '10.image',
    '12.width',
    '(no mask comes from a file of its own)',
  ])
})

test('of several images the one that is sampled from is meant', () => {
  const usual = fixture('img2img-scaled')
  const guided = withNodes(usual, {
    3: ['KSampler', { ...usual.nodes.get('3')?.inputs, positive: ['20', 0], negative: ['20', 1] }],
    20: ['ControlNetApplyAdvanced', { positive: ['6', 0], negative: ['7', 0], image: ['21', 0] }],
    21: ['LoadImage', { image: 'edges.png' }],
  })
  assert.deepEqual(played(guided, 'image'), ['10.image'])
})

test('inpainting: a mask of its own is a role, the alpha channel of the image is not', () => {
  assert.deepEqual(played(fixture('inpaint-own-mask'), 'image', 'mask'), ['10.image', '13.image'])
  assert.deepEqual(played(fixture('inpaint-alpha'), 'image', 'mask'), [
    '10.image',
    '(no mask comes from a file of its own)',
  ])
})

test('without a sampler there is still an image and a prefix', () => {
  const [steps = '', ...others] = played(fixture('upscale-only'), 'steps', 'image', 'prefix')
  assert.deepEqual(
    [steps, ...others],
    ['(no sampler of the workflow has such an input)', '1.image', '4.filename_prefix'],
  )
})

test('a graph that goes in circles has an end', () => {
  assert.deepEqual(played(fixture('cyclic'), 'prompt', 'steps', 'width', 'model'), [
    '(no text reaches a sampler)',
    '1.steps',
    noSize,
    '(the model of the sampler does not come from a loader)',
  ])
})

test('chains of any length are followed', () => {
  const length = 20_000
  const chain = Object.fromEntries(
    Array.from({ length }, (_, at) => [`r${at}`, ['Reroute', { x: [`r${at + 1}`, 0] }] as const]),
  )
  const combined = Object.fromEntries(
    Array.from({ length }, (_, at) => [
      `c${at}`,
      ['ConditioningSetArea', { conditioning: [at + 1 < length ? `c${at + 1}` : '6', 0] }] as const,
    ]),
  )
  const usual = fixture('ksampler')
  const long = withNodes(usual, {
    ...chain,
    ...combined,
    [`r${length}`]: ['PrimitiveString', { value: 'a fox' }],
    6: ['CLIPTextEncode', { text: ['r0', 0], clip: ['4', 1] }],
    3: ['KSampler', { ...usual.nodes.get('3')?.inputs, positive: ['c0', 0] }],
  })
  assert.deepEqual(played(long, 'prompt'), [`r${length}.value`])
})

test('of two inputs that need the same nodes many times each node is visited once', () => {
  const depth = 60
  const layers = Object.fromEntries(
    Array.from({ length: depth }, (_, at) => {
      const next = [at + 1 < depth ? `c${at + 1}` : '6', 0]
      return [`c${at}`, ['ConditioningCombine', { conditioning_1: next, conditioning_2: next }] as const]
    }),
  )
  const usual = fixture('ksampler')
  const diamonds = withNodes(usual, {
    ...layers,
    3: ['KSampler', { ...usual.nodes.get('3')?.inputs, positive: ['c0', 0] }],
  })
  assert.deepEqual(played(diamonds, 'prompt'), ['6.text'])
})

test('findings are remembered for a workflow', () => {
  const workflow = fixture('ksampler')
  assert.equal(findRoles(workflow), findRoles(workflow))
})

test('whatever the graph, every role has a finding: targets that hold a literal, or a problem', () => {
  fc.assert(
    fc.property(workflows, (workflow) => {
      const found = findRoles(workflow)
      assert.deepEqual([...found.keys()], [...roleNames])
      for (const { targets, problem } of found.values()) {
        assert.ok(targets.length > 0 || problem !== undefined)
        for (const { node, input } of targets) {
          const inputs = workflow.nodes.get(node)?.inputs ?? {}
          assert.ok(Object.hasOwn(inputs, input))
          assert.ok(!Array.isArray(inputs[input]))
        }
      }
    }),
  )
})

test('names that every object answers to play no role', () => {
  const sampler: readonly [string, JsonObject] = [
    'KSampler',
    { latent_image: ['__proto__', 0], positive: ['toString', 0], steps: 4 },
  ]
  const odd = graph({
    constructor: sampler,
    9: ['SaveImage', { images: ['constructor', 0] }],
  })
  assert.deepEqual(played(odd, 'steps', 'prompt'), ['constructor.steps', '(no text reaches a sampler)'])
})
