import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interimLimit, steady, wholeText } from '../../src/comfy/answer-body.ts'

/** A body of so many chunks of ten bytes; `left` tells whether its reader has let go of it. */
function bodyOf(chunks: number): { readonly body: AsyncIterable<Uint8Array>; readonly left: () => boolean } {
  let isLeft = false
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (let index = 0; index < chunks; index += 1) yield Buffer.from('0123456789')
    } finally {
      isLeft = true
    }
  }
  return { body: body(), left: () => isLeft }
}

const server = 'http://gpu:8188'

test('a body is read whole, up to its limit', async () => {
  const { body } = bodyOf(10)
  assert.equal((await wholeText(body, server, { silence: 1000, mostBytes: 100 })).length, 100)
  const long = bodyOf(11)
  await assert.rejects(wholeText(long.body, server, { silence: 1000, mostBytes: 100 }), {
    code: 'answer-too-large',
  })
  assert.ok(long.left())
})

test('a body that takes five silences is given up', async () => {
  const { body, left } = bodyOf(Infinity)
  await assert.rejects(wholeText(body, server, { silence: 0.001, mostBytes: Infinity }), {
    code: 'server-unreachable',
    message: /too slow/,
  })
  assert.ok(left())
})

test('a stream that goes on well has no end by itself; one that trickles has', async (t) => {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  const readAt = async (bytesPerSecond: number): Promise<number> => {
    const { body } = bodyOf(1000)
    let bytes = 0
    for await (const chunk of steady(body, server, { silence: 2000 })) {
      bytes += chunk.length
      now += (chunk.length / bytesPerSecond) * 1000
    }
    return bytes
  }
  assert.equal(await readAt(600), 10_000)
  await assert.rejects(readAt(400), { code: 'server-unreachable', message: /only \d+ bytes came in 2 s/ })
})

test('interim answers have a limit', () => {
  const onInfo = interimLimit()
  for (let count = 0; count < 20; count += 1) onInfo()
  assert.throws(onInfo, /interim/)
})
