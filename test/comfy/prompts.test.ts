import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { WebSocket } from 'ws'
import type { PromptEvent } from '../../src/comfy/prompt-events.ts'
import type { SubmittedPrompt } from '../../src/comfy/prompts.ts'
import { connectServer } from '../../src/comfy/server.ts'
import type { ApiGraph } from '../../src/protocol/graph.ts'
import type { JsonObject } from '../../src/protocol/json.ts'
import { modernServer, startScripted, type ScriptedServer } from '../rig/scripted-server.ts'

const limit = { timeout: 10_000 }
const saved: ApiGraph = { 9: { class_type: 'SaveImage', inputs: {} } }
const overSocket: ApiGraph = { 9: { class_type: 'SaveImageWebsocket', inputs: {} } }

/** A server that does nothing by itself but take prompts. */
class Desk {
  readonly events: PromptEvent[] = []
  readonly records: Record<string, JsonObject> = {}
  /** The client id that the socket was opened with. */
  clientId = ''
  #socket: WebSocket | undefined
  #opened: () => void = () => {}
  #asked: () => void = () => {}
  #server!: ScriptedServer
  submit!: (graph?: ApiGraph, withoutMessages?: boolean) => Promise<SubmittedPrompt>

  static async open(t: TestContext): Promise<Desk> {
    const desk = new Desk()
    desk.#server = await startScripted(
      t,
      {
        ...modernServer,
        'POST /prompt': ({ body }) => ({ json: { prompt_id: idOf(body), node_errors: {} } }),
        'GET /api/jobs/*': ({ path }) => {
          const id = path.split('/').at(-1) ?? ''
          return { json: { id, status: desk.records[id] ? 'completed' : 'in_progress' } }
        },
        'GET /history': () => ({ json: desk.records }),
        'GET /history/*': () => {
          const json = { ...desk.records }
          desk.#asked()
          return { json }
        },
      },
      {
        onSocket: (socket, _, path) => {
          desk.#socket = socket
          desk.clientId = new URL(path, 'http://host').searchParams.get('clientId') ?? ''
          desk.#opened()
        },
      },
    )
    const client = await connectServer({ url: desk.#server.url, pace: { beat: 60_000, patience: 60_000 } })
    t.after(async () => client.close())
    desk.submit = async (graph = saved, withoutMessages = true) =>
      client.submit({ graph, withoutMessages, onEvent: (event) => desk.events.push(event) })
    await desk.lengths(0)
    return desk
  }

  /** Tells these lengths of the queue. Resolves when they were read: pings are answered in order. */
  async lengths(...lengths: readonly number[]): Promise<void> {
    for (const length of lengths) {
      const data = { status: { exec_info: { queue_remaining: length } } }
      this.#socket?.send(JSON.stringify({ type: 'status', data }))
    }
    await new Promise((resolve) => this.#socket?.once('pong', resolve).ping())
  }

  /** Sends a message. Resolves when it was read. */
  async say(type: string, data: JsonObject): Promise<void> {
    this.#socket?.send(JSON.stringify({ type, data }))
    await this.lengths()
  }

  /** The server has run it. */
  record(promptId: string, outputs: JsonObject = outputsOf(promptId)): void {
    this.records[promptId] = {
      prompt: [1, promptId, {}, {}, ['9']],
      outputs,
      status: { status_str: 'success', completed: true, messages: [] },
    }
  }

  /** Runs one, so that the length of the queue has told of an end. */
  async prove(): Promise<void> {
    const { promptId, finished } = await this.submit()
    this.record(promptId)
    await this.lengths(1, 1, 0)
    this.#socket?.send(JSON.stringify({ type: 'executing', data: { prompt_id: promptId, node: null } }))
    await finished
    this.events.length = 0
  }

  /** Whether the last prompt was posted so that its messages come over the socket. */
  get hasMessages(): boolean {
    const { body } = this.#server.to('POST /prompt').at(-1) ?? { body: Buffer.from('{}') }
    return (JSON.parse(body.toString()) as { client_id: string }).client_id === this.clientId
  }

  /** Cuts the socket. Resolves when there is another one. */
  async reconnected(): Promise<void> {
    const opened = this.replaced()
    this.#socket?.terminate()
    await opened
  }

  /** Resolves when the server has been asked for a single record. */
  async askedForRecord(): Promise<void> {
    return new Promise((resolve) => {
      this.#asked = resolve
    })
  }

  /** Resolves when the client has opened another socket by itself. */
  async replaced(): Promise<void> {
    return new Promise((resolve) => {
      this.#opened = resolve
    })
  }
}

function outputsOf(promptId: string): JsonObject {
  return { 9: { images: [{ filename: `${promptId}.png`, subfolder: '', type: 'output' }] } }
}

function idOf(body: Buffer): string {
  return (JSON.parse(body.toString()) as { prompt_id: string }).prompt_id
}

test(
  'the first prompt gets its messages: nothing has shown yet that its end would be told otherwise',
  limit,
  async (t) => {
    const desk = await Desk.open(t)
    await desk.submit()
    assert.equal(desk.hasMessages, true)
  },
)

test(
  'a prompt without messages: its start and end are learnt from the length of the queue',
  limit,
  async (t) => {
    const desk = await Desk.open(t)
    await desk.prove()
    const prompts = [await desk.submit(), await desk.submit()]
    assert.equal(desk.hasMessages, false)
    await desk.lengths(1, 2, 2)
    assert.deepEqual(
      desk.events.map(({ type }) => type),
      ['started'],
    )
    desk.record(prompts[0]?.promptId ?? '')
    await desk.lengths(1)
    assert.equal((await prompts[0]?.finished)?.files[0]?.filename, `${prompts[0]?.promptId}.png`)
    desk.record(prompts[1]?.promptId ?? '')
    await desk.lengths(1, 0)
    assert.equal((await prompts[1]?.finished)?.status, 'done')
    assert.deepEqual(
      desk.events.map(({ type }) => type),
      ['started', 'ended', 'started', 'ended'],
    )
  },
)

test(
  'messages are asked for as well where they carry the results, where they are wanted, and beside others',
  limit,
  async (t) => {
    const desk = await Desk.open(t)
    await desk.prove()
    await desk.submit(overSocket)
    assert.equal(desk.hasMessages, true)
    await desk.submit(saved, false)
    assert.equal(desk.hasMessages, true)
    await desk.lengths(1, 2, 3) // One is somebody else's.
    await desk.submit()
    assert.equal(desk.hasMessages, true)
  },
)

test('after a new connection it is to be shown anew that ends are told', limit, async (t) => {
  const desk = await Desk.open(t)
  await desk.prove()
  await desk.reconnected()
  await desk.lengths(0)
  await desk.submit()
  assert.equal(desk.hasMessages, true)
})

test('an end that was not told is found by looking, and another socket is opened', limit, async (t) => {
  const desk = await Desk.open(t)
  await desk.prove()
  const prompt = await desk.submit()
  const replaced = desk.replaced()
  desk.record(prompt.promptId)
  assert.equal((await prompt.finished).status, 'done')
  await replaced
})

test(
  'after a failure or a warning messages are asked for again: only they tell all reasons',
  limit,
  async (t) => {
    const warned = await Desk.open(t)
    await warned.prove()
    const { promptId } = await warned.submit(saved, false)
    await warned.lengths(1)
    await warned.say('execution_error', {
      prompt_id: promptId,
      node_id: '9',
      exception_type: 'ExecutionBlocked',
    })
    await warned.submit()
    assert.equal(warned.hasMessages, true)

    const failed = await Desk.open(t)
    await failed.prove()
    const prompt = await failed.submit()
    assert.equal(failed.hasMessages, false)
    failed.record(prompt.promptId, {})
    await failed.lengths(1, 0)
    assert.equal((await prompt.finished).status, 'failed')
    await failed.submit()
    assert.equal(failed.hasMessages, true)
  },
)

test(
  'a hint that comes too early does no harm: the record is asked for until it is there',
  limit,
  async (t) => {
    const desk = await Desk.open(t)
    await desk.prove()
    const prompt = await desk.submit()
    const asked = desk.askedForRecord()
    await desk.lengths(1, 0)
    await asked
    desk.record(prompt.promptId)
    assert.equal((await prompt.finished).status, 'done')
  },
)
