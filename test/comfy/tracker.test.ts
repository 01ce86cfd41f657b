import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { WebSocket } from 'ws'
import { connectServer, type ComfyServer, type ServerOptions } from '../../src/comfy/server.ts'
import { capabilitiesOf } from '../../src/comfy/capabilities.ts'
import { RecordReader } from '../../src/comfy/record-reader.ts'
import { Tracker } from '../../src/comfy/tracker.ts'
import { ComfyRunError } from '../../src/errors.ts'
import type { SubmittedPrompt } from '../../src/comfy/prompts.ts'
import type { PromptEvent } from '../../src/comfy/prompt-events.ts'
import type { JsonObject } from '../../src/protocol/json.ts'
import { encodeImageWithMetadata } from '../../src/protocol/frames.ts'
import {
  accessOf,
  modernServer,
  startScripted,
  type Route,
  type ScriptedServer,
} from '../rig/scripted-server.ts'

const limit = { timeout: 10_000 }
const listening = { beat: 60_000, patience: 60_000 }
const graph = { '9': { class_type: 'SaveImage', inputs: {} } }
const entry = {
  prompt: [1, 'p', {}, {}, ['9']],
  outputs: { '9': { images: [{ filename: 'a.png', subfolder: '', type: 'output' }] } },
  status: { status_str: 'success', completed: true, messages: [] },
}

/** A server with one prompt `p`, whose state the test turns. */
interface OnePrompt {
  readonly server: ScriptedServer
  readonly sockets: WebSocket[]
  readonly events: PromptEvent[]
  readonly prompt: SubmittedPrompt
  readonly client: ComfyServer
  status: string | undefined
  entry: JsonObject | undefined
  say(type: string, data?: JsonObject): void
  /** Resolves when the server has been asked n times where the prompt is, or for its record. */
  asked(count: number): Promise<void>
  /** Called when the server is asked where the prompt is; the answer was made before, and leaves after it. */
  beforeAnswer: (() => Promise<void>) | undefined
  /** Resolves when the client has read what was said: it answers pings in order. */
  heard(): Promise<void>
  /** Resolves when n sockets have been opened. */
  opened(count: number): Promise<void>
}

async function onePrompt(
  t: TestContext,
  options: Partial<ServerOptions> = {},
  postPrompt?: (one: OnePrompt) => Promise<void>,
  graphSent = graph,
  hasSockets = true,
  more: Readonly<Record<string, Route>> = {},
): Promise<OnePrompt> {
  const watchers = new Set<() => void>()
  const until = async (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const watch = (): void => {
        if (isSo()) resolve()
      }
      watchers.add(watch)
      watch()
    })
  const changed = (): void => {
    for (const watch of watchers) watch()
  }
  let asks = 0
  const one = { status: 'pending', entry: undefined, sockets: [], events: [] } as unknown as {
    -readonly [K in keyof OnePrompt]: OnePrompt[K]
  }
  one.say = (type, data = {}) => {
    one.sockets.at(-1)?.send(JSON.stringify({ type, data: { prompt_id: 'p', ...data } }))
  }
  one.heard = async () => {
    const socket = one.sockets.at(-1)
    await new Promise((resolve) => socket?.once('pong', resolve).ping())
  }
  one.asked = async (count) => {
    const from = asks
    return until(() => asks >= from + count)
  }
  one.opened = async (count) => until(() => one.sockets.length >= count)
  one.server = await startScripted(
    t,
    {
      ...modernServer,
      'POST /prompt': async () => {
        await postPrompt?.(one)
        return { json: { prompt_id: 'p', number: 1, node_errors: {} } }
      },
      'GET /queue': { json: { queue_running: [], queue_pending: [[1, 'p', {}, {}, []]] } },
      'GET /api/jobs/p': async () => {
        asks += 1
        changed()
        const answer = one.status ? { json: { id: 'p', status: one.status } } : { status: 404, json: {} }
        await one.beforeAnswer?.()
        return answer
      },
      'GET /history/p': () => {
        asks += 1
        changed()
        return { json: one.entry ? { p: one.entry } : {} }
      },
      'POST /api/jobs/p/cancel': { json: { cancelled: true } },
      ...more,
    },
    hasSockets
      ? {
          onSocket: (socket) => {
            one.sockets.push(socket)
            changed()
          },
        }
      : {},
  )
  const client = await connectServer({ url: one.server.url, pace: listening, ...options })
  t.after(async () => client.close())
  one.client = client
  one.prompt = await client.submit({ graph: graphSent, onEvent: (event) => one.events.push(event) })
  return one
}

test('messages that overtake the answer to the POST are not lost', limit, async (t) => {
  const one = await onePrompt(t, {}, async (one) => {
    one.entry = entry
    one.say('execution_start')
    one.say('executing', { node: '9' })
    one.say('executing', { node: null })
    await one.heard()
  })
  assert.equal((await one.prompt.finished).status, 'done')
  assert.deepEqual(
    one.events.map(({ type }) => type),
    ['started', 'node-started', 'node-finished', 'ended'],
  )
})

test('execution_success before the record is there: the end marker brings it', limit, async (t) => {
  const one = await onePrompt(t)
  one.status = 'in_progress'
  one.say('execution_success')
  one.entry = entry
  one.say('executing', { node: null }) // pitfall 5
  assert.equal((await one.prompt.finished).files[0]?.filename, 'a.png')
})

test('the end marker, and the record comes a moment later', limit, async (t) => {
  const one = await onePrompt(t)
  one.say('executing', { node: null })
  await one.asked(2)
  one.entry = entry
  assert.equal((await one.prompt.finished).status, 'done') // pitfall 5
})

test('execution_success without an end marker: the server is asked', limit, async (t) => {
  const one = await onePrompt(t)
  one.status = 'completed'
  one.entry = entry
  one.say('execution_success') // pitfall 6
  assert.equal((await one.prompt.finished).status, 'done')
})

test('a message with NaN in it is read like any other', limit, async (t) => {
  const one = await onePrompt(t)
  one.entry = entry
  one.sockets[0]?.send('{"type":"executed","data":{"prompt_id":"p","node":"9","output":{"v":[NaN]}}}')
  one.sockets[0]?.send('{"type":"executing","data":{"prompt_id":"p","node":null,"odd":NaN}}')
  assert.equal((await one.prompt.finished).status, 'done') // pitfall 20
})

test('garbage on the socket is ignored', limit, async (t) => {
  const one = await onePrompt(t)
  one.entry = entry
  for (const text of ['', 'x', '[]', '{"type":3}']) one.sockets[0]?.send(text)
  one.sockets[0]?.send(Buffer.from([0, 0, 0, 9]))
  one.say('executing', { node: null })
  assert.equal((await one.prompt.finished).status, 'done') // pitfall 57
})

test('the socket is cut while the prompt ends: its record is read after the reconnect', limit, async (t) => {
  const told: string[] = []
  const one = await onePrompt(t, { onLost: () => told.push('lost'), onRecovered: () => told.push('back') })
  one.say('execution_start')
  one.status = 'completed'
  one.entry = entry
  one.server.cutSockets()
  assert.equal((await one.prompt.finished).status, 'done') // pitfall 15
  assert.deepEqual(told, ['lost', 'back'])
})

test('the old connection is closed before the new one is opened', limit, async (t) => {
  const one = await onePrompt(t)
  one.sockets[0]?.close()
  await one.opened(2)
  assert.equal(one.sockets[0]?.readyState, 3) // pitfall 14
})

test('the prompt runs, but the socket was never told: it is replaced', limit, async (t) => {
  const one = await onePrompt(t, { pace: { beat: 10, patience: 60_000 } })
  one.status = 'in_progress'
  await one.opened(2) // pitfall 16
  one.status = 'completed'
  one.entry = entry
  assert.equal((await one.prompt.finished).status, 'done')
})

test('of a dead worker no socket tells anything: each further one gets more time', limit, async (t) => {
  const routes = { ...modernServer, 'GET /api/jobs/p': { json: { id: 'p', status: 'in_progress' } } }
  const server = await startScripted(t, routes)
  const access = accessOf(t, server)
  const looks: number[] = []
  await new Promise<void>((resolve) => {
    const tracker = new Tracker(
      {
        access,
        capabilities: capabilitiesOf({ system: { comfyui_version: '0.33.0' } }, undefined),
        records: new RecordReader(access),
        pace: { beat: 1, patience: 60_000 },
        isSocketOpen: () => true,
        replaceSocket: () => {
          looks.push(server.requests.length)
          if (looks.length < 4) return
          tracker.abandon(new ComfyRunError('job-lost', 'enough'))
          resolve()
        },
      },
      { promptId: 'p', graph, dropped: [], emit: () => {} },
    )
  })
  assert.deepEqual(looks, [2, 5, 10, 19]) // pitfall 43
})

test('the prompt has ended, and the socket was never told of it: it is replaced', limit, async (t) => {
  const one = await onePrompt(t, { pace: { beat: 10, patience: 60_000 } })
  one.status = 'completed'
  one.entry = entry
  assert.equal((await one.prompt.finished).status, 'done')
  await one.opened(2) // pitfall 16
})

test('of a prompt that another process has posted no socket is told: ours is kept', limit, async (t) => {
  const lost: string[] = []
  const pace = { beat: 10, patience: 60_000 }
  const one = await onePrompt(t, { pace, onLost: (reason) => lost.push(reason) })
  one.say('execution_start')
  await one.heard()
  one.status = 'in_progress'
  const resumed = await one.client.resume('p', { graph })
  await one.asked(8)
  one.status = 'completed'
  one.entry = entry
  assert.equal((await resumed?.finished)?.status, 'done')
  assert.deepEqual(lost, [])
})

test('without any socket the server is asked more often', limit, async (t) => {
  const pace = { beat: 3_600_000, patience: 60_000 }
  const one = await onePrompt(t, { pace }, undefined, graph, false)
  one.status = 'in_progress'
  await one.asked(1)
  one.status = 'completed'
  one.entry = entry
  assert.equal((await one.prompt.finished).status, 'done') // pitfall 18
})

test('a socket that was told of the start is kept, however long the silence', limit, async (t) => {
  const lost: string[] = []
  const pace = { beat: 10, patience: 60_000 }
  const one = await onePrompt(t, { pace, onLost: (reason) => lost.push(reason) })
  one.say('execution_start')
  await one.heard()
  one.status = 'in_progress'
  await one.asked(8)
  assert.deepEqual(lost, []) // pitfall 44
})

test('the socket is read while a file is on its way', limit, async (t) => {
  let serve = (): void => {}
  const held = new Promise<void>((resolve) => {
    serve = resolve
  })
  const one = await onePrompt(t, {}, undefined, graph, true, {
    'GET /view': async () => {
      await held
      return { body: 'bytes' }
    },
  })
  const file = one.client.openFile({ node: '9', filename: 'a.png', subfolder: '', type: 'output' })
  one.entry = entry
  one.say('executing', { node: null })
  assert.equal((await one.prompt.finished).status, 'done') // pitfall 17
  serve()
  assert.equal((await file).length, 5)
})

test('a prompt is lost after two misses, not one', limit, async (t) => {
  const one = await onePrompt(t, { pace: { beat: 10, patience: 60_000 } })
  one.status = undefined
  await one.asked(1)
  one.status = 'pending'
  await one.asked(1)
  one.status = undefined
  const before = one.server.to('GET /api/jobs/p').length
  const outcome = await one.prompt.finished
  assert.equal(outcome.status, 'lost') // pitfall 4
  assert.ok(one.server.to('GET /api/jobs/p').length - before >= 2)
})

test('a cancelled prompt that vanishes is cancelled, not lost, and found out at once', limit, async (t) => {
  const one = await onePrompt(t)
  one.status = undefined
  await one.prompt.cancel()
  assert.equal((await one.prompt.finished).status, 'cancelled')
})

test('the end marker that comes while the server is being asked is not lost', limit, async (t) => {
  const one = await onePrompt(t)
  one.status = 'in_progress'
  one.beforeAnswer = async () => {
    one.beforeAnswer = undefined
    one.say('executing', { node: null })
    await one.heard()
    one.status = 'completed'
    one.entry = entry
  }
  one.say('execution_success')
  assert.equal((await one.prompt.finished).status, 'done')
})

test('many messages about the queue do not put a look off', limit, async (t) => {
  const one = await onePrompt(t, { pace: { beat: 50, patience: 60_000 } })
  one.status = 'completed'
  one.entry = entry
  let remaining = 1_000_000
  const busy = setInterval(() => {
    remaining -= 1
    one.say('status', { status: { exec_info: { queue_remaining: remaining } } })
  }, 1)
  t.after(() => clearInterval(busy))
  assert.equal((await one.prompt.finished).status, 'done')
})

test('a server that is gone for longer than the patience: lost, with the reason', limit, async (t) => {
  const one = await onePrompt(t, { pace: { beat: 10, patience: 0 } })
  await one.server.close()
  const outcome = await one.prompt.finished
  assert.equal(outcome.status, 'lost')
  assert.equal(outcome.error?.code, 'server-unreachable')
})

test('a record that could not be read at first is read again soon', limit, async (t) => {
  let asks = 0
  const sockets: WebSocket[] = []
  const routes = {
    ...modernServer,
    'POST /prompt': { json: { prompt_id: 'p' } },
    'GET /api/jobs/p': { json: { id: 'p', status: 'completed' } },
    'GET /history/p': () => {
      asks += 1
      return asks === 1 ? { status: 502, body: '<html>' } : { json: { p: entry } }
    },
  }
  const server = await startScripted(t, routes, { onSocket: (socket) => sockets.push(socket) })
  const client = await connectServer({ url: server.url, pace: { beat: 3_600_000, patience: 60_000 } })
  t.after(async () => client.close())
  const prompt = await client.submit({ graph })
  sockets[0]?.send('{"type":"executing","data":{"prompt_id":"p","node":null}}')
  assert.equal((await prompt.finished).status, 'done') // pitfall 3
  assert.equal(asks, 2)
})

test('a refusal in the middle ends it with that', limit, async (t) => {
  const routes = {
    ...modernServer,
    'POST /prompt': { json: { prompt_id: 'p' } },
    'GET /api/jobs/p': { status: 401, body: '' },
  }
  const server = await startScripted(t, routes)
  const client = await connectServer({ url: server.url, pace: { beat: 10, patience: 60_000 } })
  t.after(async () => client.close())
  const outcome = await (await client.submit({ graph })).finished
  assert.deepEqual([outcome.status, outcome.error?.code], ['failed', 'server-refused'])
})

test('closing the client ends what it follows', limit, async (t) => {
  const server = await startScripted(t, { ...modernServer, 'POST /prompt': { json: { prompt_id: 'p' } } })
  const client = await connectServer({ url: server.url, pace: listening })
  const prompt = await client.submit({ graph })
  await client.close()
  const outcome = await prompt.finished
  assert.deepEqual([outcome.status, outcome.error?.code], ['failed', 'job-lost'])
})

test('a waiting prompt says how many are before it, once for each number', limit, async (t) => {
  const one = await onePrompt(t, { pace: { beat: 10, patience: 60_000 } })
  await one.asked(3)
  assert.deepEqual(one.events, [{ type: 'queued', ahead: 0 }])
})

test('pictures that are still on their way when the record is there are waited for', limit, async (t) => {
  const saver = { w: { class_type: 'SaveImageWebsocket', inputs: {} } } as unknown as typeof graph
  const one = await onePrompt(t, { pace: { beat: 10, patience: 60_000 } }, undefined, saver)
  one.say('execution_start')
  one.status = 'completed'
  one.entry = { ...entry, prompt: [1, 'p', {}, {}, ['w']], outputs: {} }
  await one.asked(2)
  const metadata = { node_id: 'w', prompt_id: 'p', image_type: 'image/png' }
  one.sockets[0]?.send(encodeImageWithMetadata(metadata, Uint8Array.from([1])))
  one.say('executing', { node: null })
  const outcome = await one.prompt.finished
  assert.deepEqual([outcome.status, outcome.socketImages.length], ['done', 1])
})

test(
  'once the end marker was seen, nothing is waited for, even if a look was under way',
  limit,
  async (t) => {
    const saver = { w: { class_type: 'SaveImageWebsocket', inputs: {} } } as unknown as typeof graph
    const one = await onePrompt(t, {}, undefined, saver)
    one.status = 'completed'
    one.entry = { ...entry, prompt: [1, 'p', {}, {}, ['w']], outputs: {} }
    one.beforeAnswer = async () => {
      one.say('executing', { node: null })
      await one.heard()
    }
    one.say('execution_success')
    assert.equal((await one.prompt.finished).status, 'failed')
  },
)

test('pictures that were sent while the socket was cut are not waited for', limit, async (t) => {
  const saver = { w: { class_type: 'SaveImageWebsocket', inputs: {} } } as unknown as typeof graph
  const one = await onePrompt(t, {}, undefined, saver)
  one.status = 'completed'
  one.entry = { ...entry, prompt: [1, 'p', {}, {}, ['w']], outputs: {} }
  one.server.cutSockets()
  assert.equal((await one.prompt.finished).status, 'failed')
})
