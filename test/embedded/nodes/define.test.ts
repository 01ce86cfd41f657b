import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeInfo } from '../../../src/embedded/node-info.ts'
import { defineNode, type NodeSpec } from '../../../src/embedded/nodes/define.ts'
import { nodeTable } from '../../../src/embedded/nodes/table.ts'
import { inputSpecs } from '../../../src/protocol/object-info.ts'

const folders = { input: '/nowhere', output: '/nowhere', temp: '/nowhere' }
const spec: NodeSpec = {
  name: 'Thing',
  title: 'A Thing',
  category: 'things',
  required: { size: ['INT', { default: 1 }] },
  output: ['IMAGE', 'MASK'],
  takesMetadata: true,
  run: () => ({ outputs: [] }),
}

function info(changes: Partial<NodeSpec>) {
  return nodeInfo(defineNode({ ...spec, ...changes })[1], folders)
}

test('a class of the older kind', () => {
  assert.deepEqual(info({}), {
    input: {
      required: { size: ['INT', { default: 1 }] },
      hidden: { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' },
    },
    input_order: { required: ['size'], hidden: ['prompt', 'extra_pnginfo'] },
    is_input_list: false,
    output: ['IMAGE', 'MASK'],
    output_is_list: [false, false],
    output_name: ['IMAGE', 'MASK'],
    name: 'Thing',
    display_name: 'A Thing',
    description: '',
    python_module: 'nodes',
    category: 'things',
    output_node: false,
    has_intermediate_output: false,
  })
})

test('a class of the newer kind says more', () => {
  const made = info({
    v3: true,
    title: null,
    module: 'comfy_extras.x',
    essentials: 'Basics',
    experimental: true,
  })
  assert.deepEqual(made.input.hidden, { prompt: ['PROMPT'], extra_pnginfo: ['EXTRA_PNGINFO'] })
  const { output_matchtypes, deprecated, experimental, price_badge, essentials_category } =
    made as unknown as Record<string, unknown>
  assert.deepEqual(
    [output_matchtypes, deprecated, experimental, price_badge, essentials_category],
    [null, false, true, null, 'Basics'],
  )
})

test('every class of the table is filed under its name, and its inputs can be read', () => {
  for (const [name, node] of nodeTable) {
    const made = nodeInfo(node, folders)
    assert.equal(made.name, name)
    assert.equal(made.output_name?.length, made.output.length, name)
    for (const input of inputSpecs(made)) {
      assert.match(input.type, /^(?:\*|[A-Z_0-9]+)$/, `${name}.${input.name}`)
      const isListed =
        input.default === undefined || input.options === undefined || input.options.includes(input.default)
      assert.ok(isListed, `${name}.${input.name}: the default is in the list`)
    }
  }
})

test('the ranges of the samplers are those of ComfyUI', () => {
  const sampler = nodeTable.get('KSampler')
  assert.ok(sampler)
  const ranges = inputSpecs(nodeInfo(sampler, folders)).flatMap(({ name, min, max }) =>
    max === undefined ? [] : [[name, min, max]],
  )
  assert.deepEqual(ranges, [
    ['seed', 0, 18446744073709551615n],
    ['steps', 1, 10000],
    ['cfg', 0, 100],
    ['denoise', 0, 1],
  ])
})
