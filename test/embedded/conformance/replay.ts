import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { request as send } from 'undici'
import type { EmbeddedServer } from '../../../src/embedded/server.ts'
import {
  isJsonArray,
  isJsonObject,
  parseJson,
  stringifyJson,
  type JsonObject,
  type JsonValue,
} from '../../../src/protocol/json.ts'
import {
  answerOf,
  bodyOf,
  pathOf,
  type FrameEvent,
  type HttpEvent,
  type Scenario,
  type ScenarioEvent,
} from '../../rig/golden.ts'
import { compareByPath } from './bodies.ts'
import { leftOut } from './exceptions.ts'
import { byNode, imageIn, isEndMarker, kindOf, magicOf, remainingIn } from './frames.ts'
import type { Gate } from './gate.ts'
import { Listener, type Frame } from './listener.ts'
import { multipart } from './multipart.ts'
import { Translation } from './translation.ts'

/** The headers that are compared; of `etag` and `last-modified` only that they are there. */
const comparedHeaders = [
  'content-type',
  'allow',
  'content-disposition',
  'accept-ranges',
  'x-content-type-options',
  'transfer-encoding',
]

/** Does what a recorded client did, in the same order, and compares what the server says with the recording. */
export class Replay {
  readonly #scenario: Scenario
  readonly #server: EmbeddedServer
  readonly #gate: Gate
  readonly #translation: Translation
  readonly #sockets = new Map<string, Listener>()
  /** The values of `queue_remaining` by socket, recorded and here, without repetitions. */
  readonly #statuses = new Map<string, { recorded: number[]; here: number[] }>()
  /** With several outputs: frames of the running prompt, until its end, by socket. */
  readonly #grouped = new Map<string, { recorded: Frame[]; here: Frame[] }>()
  readonly #isGrouped: boolean

  constructor(scenario: Scenario, server: EmbeddedServer, gate: Gate, isGrouped: boolean) {
    this.#scenario = scenario
    this.#server = server
    this.#gate = gate
    this.#translation = new Translation(server.folder, isGrouped)
    this.#isGrouped = isGrouped
  }

  async run(): Promise<void> {
    for (const [index, event] of this.#scenario.events.entries()) {
      try {
        await this.#play(event)
      } catch (error) {
        throw new Error(`event ${index + 1}: ${titleOf(event)}`, { cause: error })
      }
    }
    for (const [label, { recorded, here }] of this.#statuses) {
      assert.deepEqual(here, recorded, `values of queue_remaining on socket ${label}`)
    }
  }

  async #play(event: ScenarioEvent): Promise<void> {
    const label = 'socket' in event ? (event.socket ?? '') : ''
    switch (event.dir) {
      case 'http':
        return this.#request(event)
      case 'ws':
        return this.#frame(event, label)
      case 'ws-open': {
        const url = this.#server.url.replace('http', 'ws') + pathOfOpen(event)
        this.#sockets.set(
          label,
          await Listener.open(url, this.#gate, async () => isIdle(await this.#get('/prompt'))),
        )
        this.#statuses.set(label, { recorded: [], here: [] })
        return
      }
      case 'ws-send':
        this.#socket(label).socket.send(textOf(event))
        return
      case 'ws-close':
      case 'ws-drop':
        return this.#close(event.dir, label)
      case 'note':
        return this.#note(event.text)
    }
  }

  async #note(text: string): Promise<void> {
    const [, deleted] = /^(output\/\S+) is deleted/.exec(text) ?? []
    if (deleted !== undefined) await rm(join(this.#server.folder, this.#translation.text(deleted)))
    if (text.startsWith('the run is over')) await this.#settle('/prompt', isIdle)
  }

  async #close(how: 'ws-close' | 'ws-drop', label: string): Promise<void> {
    const listener = this.#socket(label)
    // Without a client id no end marker comes.
    this.#compareGroup(label)
    const rest = (await listener.rest()).filter((frame) => !this.#takeStatus(frame, label))
    assert.deepEqual(rest.map(kindOf), [], 'frames that were not recorded')
    await (how === 'ws-close' ? listener.close() : listener.drop())
    this.#sockets.delete(label)
    // The server hears of it before it answers these.
    for (let turn = 0; turn < 3; turn++) await this.#get('/prompt')
  }

  async #frame(event: FrameEvent, label: string): Promise<void> {
    const recorded = event.text ?? Buffer.from(event.binary ?? '', 'base64')
    const status = remainingIn(recorded)
    if (status !== undefined) {
      add(this.#statuses.get(label)?.recorded, status)
      return
    }
    let here = await this.#socket(label).next()
    while (this.#takeStatus(here, label)) here = await this.#socket(label).next()
    if (!this.#isGrouped) {
      this.#compareFrames(recorded, here)
      return
    }
    const group = this.#grouped.get(label) ?? { recorded: [], here: [] }
    group.recorded.push(recorded)
    group.here.push(here)
    this.#grouped.set(label, group)
    if (isEndMarker(recorded)) this.#compareGroup(label)
  }

  #compareGroup(label: string): void {
    const group = this.#grouped.get(label) ?? { recorded: [], here: [] }
    this.#grouped.delete(label)
    const [a, b] = [byNode(group.recorded), byNode(group.here)]
    assert.deepEqual(b.map(kindOf), a.map(kindOf), 'frames node by node')
    for (const [index, frame] of a.entries()) this.#compareFrames(frame, b[index] ?? '')
  }

  #takeStatus(frame: Frame, label: string): boolean {
    const status = remainingIn(frame)
    if (status === undefined) return false
    add(this.#statuses.get(label)?.here, status)
    return true
  }

  #compareFrames(recorded: Frame, here: Frame): void {
    assert.equal(kindOf(here), kindOf(recorded))
    if (typeof recorded !== 'string' || typeof here !== 'string') {
      assert.deepEqual(imageIn(here), this.#translation.value(imageIn(recorded)))
      return
    }
    // The text itself: here even `1.0` and `1` are told apart.
    if (kindOf(recorded) === 'progress_state' && !this.#isGrouped) {
      assert.equal(here, this.#translation.text(recorded))
      return
    }
    const [a, b] = [parseJson(recorded), parseJson(here)]
    this.#translation.learnFiles(outputIn(a), outputIn(b))
    assert.deepEqual(this.#translation.here(b), this.#translation.value(a))
  }

  async #request(event: HttpEvent): Promise<void> {
    const exception = leftOut(this.#scenario.scenario, event)
    if (exception?.leaveOut === 'all') return
    const path = this.#translation.path(event.path)
    const answer = answerOf(event)
    if (saysEnded(answer)) await this.#settle(path, (body) => saysEnded(body))
    const response = await send(this.#server.url + path, {
      method: event.method as 'GET',
      ...this.#bodyOf(event),
    })
    const body = Buffer.from(await response.body.arrayBuffer())
    assert.equal(response.statusCode, event.status)
    const headers = response.headers as Record<string, string>
    for (const name of comparedHeaders) {
      assert.equal(utf8(headers[name]), this.#header(event.response_headers[name]), `header ${name}`)
    }
    // Of HEAD the client itself asks that the connection be closed.
    if (event.method !== 'HEAD') {
      const isClosed = event.response_headers.connection === 'close'
      assert.equal(headers.connection === 'close', isClosed, 'the connection is closed')
    }
    for (const name of ['etag', 'last-modified', 'content-range']) {
      assert.equal(name in headers, name in event.response_headers, `header ${name}`)
    }
    this.#translation.learn(event.response_headers.etag ?? '', headers.etag ?? '')
    if (exception?.leaveOut === 'body') return
    this.#compareBodies(event, answer, body)
  }

  #compareBodies(event: HttpEvent, recorded: JsonObject, body: Buffer): void {
    const type = event.response_headers['content-type'] ?? ''
    if (event.method === 'HEAD') assert.equal(body.length, 0)
    else if (type.startsWith('application/json')) {
      const here = parseJson(body.toString('utf8'))
      const wanted = parseJson(bodyOf(event).toString('utf8'))
      if (event.path === '/prompt') this.#translation.learnPrompt(recorded, isJsonObject(here) ? here : {})
      // The recorder asked too early; how early depends on the machine.
      if (event.method === 'GET' && saysNotYet(event, recorded) && this.#endsLater(event)) return
      this.#translation.learnFiles(wanted, translatedKeys(here, wanted, this.#translation))
      compareByPath(event, this.#translation.here(here), this.#translation.value(wanted))
    } else if (type.startsWith('text/plain') && event.response_text !== undefined) {
      assert.equal(body.toString('utf8'), this.#translation.text(event.response_text))
    } else {
      assert.equal(body.length > 0, bodyOf(event).length > 0, 'a body')
      assert.equal(magicOf(body), magicOf(bodyOf(event)), 'kind of file')
    }
  }

  /** Whether the recorder got a record of the same prompt later on. */
  #endsLater(event: HttpEvent): boolean {
    const id = pathOf(event.path).split('/').at(-1) ?? ''
    const later = this.#scenario.events.slice(this.#scenario.events.indexOf(event) + 1)
    return later.some(
      (other) => other.dir === 'http' && other.path.includes(id) && saysEnded(answerOf(other)),
    )
  }

  #bodyOf({ request }: HttpEvent): { headers: Record<string, string>; body?: string | Buffer } {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, this.#translation.text(value)]),
    )
    if (request.multipart) {
      const boundary = 'a-boundary-of-the-replay'
      return {
        headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
        body: multipart(request.multipart, boundary),
      }
    }
    if (request.text !== undefined) return { headers, body: this.#translation.text(request.text) }
    if (request.json === undefined) return { headers }
    return { headers, body: this.#translation.text(stringifyJson(request.json)) }
  }

  #header(recorded: string | undefined): string | undefined {
    return recorded === undefined ? undefined : this.#translation.text(recorded)
  }

  /** Lets the run go on until the server says that it is over. */
  async #settle(path: string, isOver: (body: JsonObject) => boolean): Promise<void> {
    while (!isOver(await this.#get(path))) this.#gate.release()
  }

  async #get(path: string): Promise<JsonObject> {
    const { body } = await send(this.#server.url + path)
    const value = parseJson(await body.text())
    return isJsonObject(value) ? value : {}
  }

  #socket(label: string): Listener {
    const listener = this.#sockets.get(label)
    assert.ok(listener, `no socket ${label}`)
    return listener
  }
}

/** Headers are read as latin-1. */
function utf8(header: string | undefined): string | undefined {
  return header === undefined ? undefined : Buffer.from(header, 'latin1').toString('utf8')
}

/** The same body with the ids of the recording, so that files can be paired. */
function translatedKeys(here: JsonValue, wanted: JsonValue, translation: Translation): JsonValue {
  if (!isJsonObject(here) || !isJsonObject(wanted)) return here
  return Object.fromEntries(
    Object.keys(wanted).map((key) => [key, here[translation.text(key)] ?? here[key] ?? null]),
  )
}

function outputIn(message: JsonValue): JsonValue | undefined {
  return isJsonObject(message) && isJsonObject(message.data) ? message.data.output : undefined
}

function saysEnded(answer: JsonObject): boolean {
  if (typeof answer.status === 'string') return !['pending', 'in_progress'].includes(answer.status)
  return Object.values(answer).some((entry) => isJsonObject(entry) && isJsonArray(entry.prompt))
}

function saysNotYet({ path }: HttpEvent, answer: JsonObject): boolean {
  return /\/history\/./.test(path) ? Object.keys(answer).length === 0 : answer.status === 'in_progress'
}

function isIdle(answer: JsonObject): boolean {
  return isJsonObject(answer.exec_info) && answer.exec_info.queue_remaining === 0
}

function pathOfOpen(event: ScenarioEvent): string {
  return 'path' in event ? event.path : '/ws'
}

function textOf(event: ScenarioEvent): string {
  return 'text' in event ? (event.text ?? '') : ''
}

function titleOf(event: ScenarioEvent): string {
  if (event.dir !== 'http') return event.dir
  return [event.method, event.path, event.case ?? ''].join(' ').trim()
}

function add(list: number[] | undefined, value: number): void {
  if (list && list.at(-1) !== value) list.push(value)
}
