import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { decodeFrame } from '../../../src/protocol/frames.ts'
import { isEnd, isType, startClient, type Client, type Listener } from '../client.ts'

const working = {
  1: { class_type: 'Number', inputs: { value: 1 } },
  2: { class_type: 'Work', inputs: { value: ['1', 0], steps: 2 } },
  3: { class_type: 'Save', inputs: { value: ['2', 0], mode: 'fast' } },
}

/** A client with a socket whose prompt is under way. */
async function underWay(
  t: TestContext,
  fault: string,
): Promise<{ client: Client; listener: Listener; closed: Promise<number> }> {
  const client = await startClient(t, { faults: [fault], previewMilliseconds: 0 })
  const listener = await client.socket('me', { flags: true })
  const closed = new Promise<number>((resolve) => {
    listener.socket.once('close', resolve)
  })
  await client.prompt(working, { client_id: 'me' })
  return { client, listener, closed }
}

test('socket-drop cuts, socket-close closes; the prompt goes on', async (t) => {
  for (const [fault, code] of [
    ['socket-drop', 1006],
    ['socket-close', 1001],
  ] as const) {
    const { client, listener, closed } = await underWay(t, fault)
    assert.equal(await closed, code)
    await client.idle()
    assert.ok(!listener.frames.some(isEnd))
    assert.match((await client.get('/history')).text, /"success"/)
  }
})

test('socket-silent: the socket stays open, and nothing comes', async (t) => {
  const { client, listener } = await underWay(t, 'socket-silent')
  await client.idle()
  assert.equal(listener.socket.readyState, listener.socket.OPEN)
  assert.ok(listener.frames.some((frame) => isType(frame, 'progress')))
  assert.ok(!listener.frames.some(isEnd))
  const again = await client.socket('me')
  await client.prompt(working, { client_id: 'me' })
  await again.until(isEnd)
})

test('socket-refused refuses the first socket', async (t) => {
  const client = await startClient(t, { faults: ['socket-refused'] })
  await assert.rejects(client.socket('me'), /403/)
  await client.socket('me')
})

test('no-pong: pings are not answered', async (t) => {
  const client = await startClient(t, { faults: ['no-pong'] })
  const listener = await client.socket('me')
  let pongs = 0
  listener.socket.on('pong', () => {
    pongs += 1
  })
  listener.socket.ping()
  await client.prompt(working, { client_id: 'me' })
  await listener.until(isEnd)
  assert.equal(pongs, 0)
})

test('foreign traffic, unknown and broken frames come between our own', async (t) => {
  const noise = [
    'foreign-progress',
    'foreign-preview',
    'foreign-text',
    'foreign-end',
    'unknown-messages',
    'unknown-frames',
    'broken-frames',
  ]
  const { listener } = await underWay(t, noise.join(','))
  await listener.until((frame) => isEnd(frame) && !JSON.stringify(frame).includes('"prompt_id":"0000'))
  const texts = listener.frames
    .filter((frame) => !Buffer.isBuffer(frame))
    .map((frame) => JSON.stringify(frame))
  for (const part of ['"value":19', '"execution_interrupted"', '"crystools.monitor"', '{"type":7}', '[]']) {
    assert.ok(
      texts.some((text) => text.includes(part)),
      part,
    )
  }
  const frames = listener.frames
    .filter((frame) => Buffer.isBuffer(frame))
    .map((frame) => decodeFrame(frame)?.kind)
  assert.deepEqual(new Set(frames), new Set(['image', 'text', undefined, 'image-with-metadata']))
})

test('messages-twice, end-lost, executed-null', async (t) => {
  const twice = await underWay(t, 'messages-twice')
  await twice.client.idle()
  await twice.listener.until(isEnd)
  assert.equal(twice.listener.kinds().filter((kind) => kind === 'execution_start').length, 2)
  const lost = await underWay(t, 'end-lost')
  await lost.client.idle()
  assert.ok(!lost.listener.kinds().includes('execution_success'))
  const nothing = await underWay(t, 'executed-null')
  const executed = await nothing.listener.until((frame) => isType(frame, 'executed'))
  assert.match(JSON.stringify(executed), /"output":null/)
})

test('cached: no node runs, and the outputs are there', async (t) => {
  const client = await startClient(t, { faults: ['cached'] })
  const listener = await client.socket('me')
  const id = await client.prompt(working, { client_id: 'me' })
  await listener.until(isEnd)
  assert.equal(listener.kinds().filter((kind) => kind === 'executing').length, 1)
  const cached = await listener.until((frame) => isType(frame, 'execution_cached'))
  assert.match(JSON.stringify(cached), /"nodes":\["1","2","3"\]/)
  assert.match((await client.get(`/history/${id}`)).text, /"outputs": \{"3": \{"images"/)
})

test('zombie: it runs for ever, whatever one asks', async (t) => {
  const { client, listener } = await underWay(t, 'zombie')
  await listener.until((frame) => isType(frame, 'status') && JSON.stringify(frame).includes(':1}'))
  await client.post('/interrupt')
  const { json } = await client.get('/queue')
  assert.equal((json.queue_running as unknown[]).length, 1)
  assert.deepEqual(await client.get('/history').then(({ text }) => text), '{}')
})

test('interrupted by somebody else; a stop that is ignored or comes late', async (t) => {
  const other = await underWay(t, 'interrupted')
  await other.listener.until((frame) => isType(frame, 'execution_interrupted'))
  const stop = async (fault: string): Promise<string> => {
    let isAsked = (): void => {}
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve
    })
    const client = await startClient(t, { faults: [fault], onStep: async () => asked })
    const listener = await client.socket('me')
    await client.prompt(working, { client_id: 'me' })
    await listener.until((frame) => isType(frame, 'progress'))
    await client.post('/interrupt')
    if (fault === 'interrupt-ignored') isAsked()
    await listener.until(isEnd)
    return (await client.get('/history')).text
  }
  assert.match(await stop('interrupt-ignored'), /"success"/)
  assert.match(await stop('interrupt-late:1ms'), /"execution_interrupted"/)
})

test('not-json: texts that nobody can read', async (t) => {
  const client = await startClient(t, { faults: ['not-json'] })
  const listener = await client.socket('me')
  const texts: string[] = []
  listener.socket.removeAllListeners('message')
  const ended = new Promise<void>((resolve) => {
    listener.socket.on('message', (data) => {
      texts.push((data as Buffer).toString('utf8'))
      if (texts.at(-1)?.includes('"node": null')) resolve()
    })
  })
  await client.prompt(working, { client_id: 'me' })
  await ended
  assert.ok(texts.includes('hello') && texts.includes(''))
})

test('chaos: the same seed lets the same happen', async (t) => {
  const happened = async (seed: number): Promise<readonly string[]> => {
    const client = await startClient(t, { faults: [`chaos:${seed}:50%`] })
    const answers: string[] = []
    for (let count = 0; count < 30; count += 1) {
      const answer = await client.get('/prompt').then(
        ({ status }) => String(status),
        () => 'cut',
      )
      answers.push(answer)
    }
    return answers
  }
  const first = await happened(7)
  assert.deepEqual(await happened(7), first)
  assert.notDeepEqual(await happened(8), first)
  assert.ok(first.includes('502') && first.includes('cut') && first.includes('200'))
})
