import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { stringifyJson } from '../../src/protocol/json.ts'
import { withPngText } from '../../src/protocol/png-text.ts'
import { withWebpText } from '../../src/protocol/webp-text.ts'
import type { BinaryKind } from '../../src/workflow/binary-kind.ts'
import { workflowInImage } from '../../src/workflow/image-workflow.ts'
import { isUiFile, type UiFile } from '../../src/workflow/ui-file.ts'
import { toGraph, type Workflow } from '../../src/workflow/workflow.ts'
import { failure, fixture } from './helpers.ts'

const plain = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
const png = await plain.clone().png().toBuffer()
const webp = await plain.clone().webp().toBuffer()
const prompt = stringifyJson(toGraph(fixture('flux')))

function api(read: Workflow | UiFile): Workflow {
  assert.ok(!isUiFile(read))
  return read
}

test('a PNG and a WebP hold the graph that made them, and that of the page', () => {
  const texts = { prompt, workflow: '{"nodes": [], "links": [], "zoom": NaN}' }
  const images: readonly (readonly [BinaryKind, Buffer])[] = [
    ['PNG', withPngText(png, texts)],
    ['WebP', withWebpText(webp, texts)],
  ]
  for (const [kind, bytes] of images) {
    const { nodes, uiWorkflow, source } = api(workflowInImage(bytes, kind, 'x.png'))
    assert.deepEqual(nodes, fixture('flux').nodes)
    assert.deepEqual(uiWorkflow, { nodes: [], links: [], zoom: null })
    assert.equal(source, 'x.png')
  }
})

test('the graph of the page is given where there is nothing else', () => {
  const image = withPngText(png, { workflow: '{"nodes": [{"id": 1}], "links": [], "zoom": NaN}' })
  assert.deepEqual(workflowInImage(image, 'PNG', 'x.png'), {
    ui: { nodes: [{ id: 1 }], links: [], zoom: null },
  })
})

test('values that Python wrote as NaN do not keep a graph from being read', () => {
  const image = withPngText(png, {
    prompt: '{"1": {"class_type": "X", "inputs": {"a": NaN}, "is_changed": [NaN]}}',
  })
  assert.deepEqual(api(workflowInImage(image, 'PNG', 'x.png')).nodes.get('1')?.inputs, { a: null })
})

const refusals: readonly (readonly [
  name: string,
  bytes: Buffer,
  kind: BinaryKind,
  code: string,
  message: RegExp,
])[] = [
  ['no metadata', png, 'PNG', 'no-workflow-in-image', /x\.png holds no workflow/],
  ['no metadata in a WebP', webp, 'WebP', 'no-workflow-in-image', /x\.png holds no workflow/],
  ['damaged', withPngText(png, { prompt: '{"1": {' }), 'PNG', 'no-workflow-in-image', /is damaged/],
  [
    'of another program',
    withPngText(png, { parameters: 'a fox, Steps: 20' }),
    'PNG',
    'no-workflow-in-image',
    /another program/,
  ],
  ['a JPEG', Buffer.from([0xff, 0xd8, 0xff]), 'JPEG', 'no-workflow-in-image', /is a JPEG: .* PNG and WebP/],
  ['a film', Buffer.from('\0\0\0\x18ftypmp42'), 'MP4', 'no-workflow-in-image', /is an MP4/],
  ['something else', Buffer.from('PK\x03\x04\0'), 'unknown', 'not-a-workflow', /neither JSON nor an image/],
]
for (const [name, bytes, kind, code, message] of refusals) {
  test(`an image without a workflow is told what it is: ${name}`, () => {
    const error = failure(() => workflowInImage(bytes, kind, 'x.png'))
    assert.equal(error.code, code)
    assert.match(error.message, message)
    assert.deepEqual(error.where, { file: 'x.png' })
    assert.ok(error.hint)
  })
}
