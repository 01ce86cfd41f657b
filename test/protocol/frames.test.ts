import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decodeFrame, encodeImage, encodeImageWithMetadata, encodeText } from '../../src/protocol/frames.ts'

const jpeg = Uint8Array.from([0xff, 0xd8, 0xff])

test('type 1: an image and its format, and nothing about whose it is', () => {
  const bytes = Buffer.from('0000000100000002ffd8ff', 'hex')
  assert.deepEqual(decodeFrame(bytes), { kind: 'image', format: 'png', image: Buffer.from(jpeg) })
  assert.deepEqual(encodeImage('png', jpeg), bytes)
  assert.equal((decodeFrame(encodeImage('jpeg', jpeg)) as { format: string }).format, 'jpeg')
})

test('type 3: a node id, then text to the end, both UTF-8', () => {
  const bytes = Buffer.from('00000003000000017468c3a96c6c6f', 'hex')
  assert.deepEqual(decodeFrame(bytes), { kind: 'text', node: 't', text: 'héllo' })
  assert.deepEqual(encodeText('t', 'héllo'), bytes)
})

test('type 4: metadata, then the image', () => {
  const metadata = {
    node_id: '12.0.0.3',
    prompt_id: 'p',
    display_node_id: '12',
    parent_node_id: null,
    image_type: 'image/png',
  }
  assert.deepEqual(decodeFrame(encodeImageWithMetadata(metadata, jpeg)), {
    kind: 'image-with-metadata',
    format: 'png',
    node: '12.0.0.3',
    promptId: 'p',
    displayNode: '12',
    image: Buffer.from(jpeg),
  })
})

test('type 4 without a display node shows the node itself', () => {
  const frame = decodeFrame(encodeImageWithMetadata({ node_id: '3', prompt_id: 'p' }, jpeg))
  assert.ok(frame?.kind === 'image-with-metadata')
  assert.equal(frame.displayNode, '3')
  assert.equal(frame.format, 'jpeg')
})

test('type 4 whose metadata is unusable is ignored', () => {
  assert.equal(decodeFrame(encodeImageWithMetadata({ node_id: 3, prompt_id: 'p' }, jpeg)), undefined)
  assert.equal(decodeFrame(Buffer.from('00000004000000027b7bffd8', 'hex')), undefined)
})

test('frames of unknown types, cut ones and impossible lengths are ignored', () => {
  for (const hex of ['', '00', '00000001', '0000000200000001ff', '0000006300000000', '00000003000000ff74']) {
    assert.equal(decodeFrame(Buffer.from(hex, 'hex')), undefined, hex)
  }
})

test('no bytes make the decoder throw', () => {
  const head = fc.constantFrom(
    ...['00000001', '00000003', '00000004', '00000002'].map((hex) =>
      Uint8Array.from(Buffer.from(hex, 'hex')),
    ),
  )
  fc.assert(
    fc.property(head, fc.uint8Array({ maxLength: 64 }), (type, rest) => {
      decodeFrame(Buffer.concat([type, rest]))
    }),
  )
})

test('a frame inside a larger buffer is read at its own place', () => {
  const whole = Buffer.concat([Buffer.from('xx'), encodeImage('png', jpeg)])
  const frame = decodeFrame(new Uint8Array(whole.buffer, whole.byteOffset + 2, whole.length - 2))
  assert.ok(frame?.kind === 'image')
  assert.deepEqual([...frame.image], [...jpeg])
})
