import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiGraph } from '../../src/protocol/graph.ts'
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../../src/protocol/json.ts'

/** A recorded exchange with a server: see test/fixtures/golden/README.md. */
export interface Scenario {
  readonly scenario: string
  readonly description: string
  readonly client_id: string
  readonly events: readonly ScenarioEvent[]
}

export type ScenarioEvent = HttpEvent | FrameEvent | SocketEvent | NoteEvent

/** One request and its answer. */
export interface HttpEvent {
  readonly dir: 'http'
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly case?: string
  readonly request: {
    readonly headers: Readonly<Record<string, string>>
    readonly json?: JsonValue
    readonly text?: string
    readonly multipart?: readonly MultipartField[]
  }
  readonly status: number
  readonly response_headers: Readonly<Record<string, string>>
  readonly response_text?: string
  readonly response?: JsonValue
}

export interface MultipartField {
  readonly name: string
  readonly filename?: string
  readonly base64?: string
  readonly value?: string
}

/** A frame from the server. */
export interface FrameEvent {
  readonly dir: 'ws'
  readonly socket?: string
  readonly text?: string
  readonly binary?: string
}

export interface SocketEvent {
  readonly dir: 'ws-open' | 'ws-send' | 'ws-close' | 'ws-drop'
  readonly socket?: string
}

export interface NoteEvent {
  readonly dir: 'note'
  readonly text: string
}

const folder = join(import.meta.dirname, '..', 'fixtures', 'golden')

/** The names of all recorded scenarios, sorted. */
export function scenarioNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort()
}

/** Reads a scenario; 64-bit integers in it stay exact. */
export function readScenario(name: string): Scenario {
  return parseJson(readFileSync(join(folder, `${name}.json`), 'utf8')) as unknown as Scenario
}

/** The recorded requests of one method and path (without the query), in order. */
export function exchanges(scenario: Scenario, method: string, path: string): HttpEvent[] {
  return scenario.events.filter(
    (event) => event.dir === 'http' && event.method === method && pathOf(event.path) === path,
  ) as HttpEvent[]
}

/** The bytes of a recorded answer. */
export function bodyOf(event: HttpEvent): Buffer {
  if (event.response_text !== undefined) return Buffer.from(event.response_text)
  const base64 = isJsonObject(event.response) ? event.response.base64 : undefined
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.alloc(0)
}

/** The JSON of a recorded answer; an empty object if it is none. */
export function answerOf(event: HttpEvent): JsonObject {
  try {
    const value = parseJson(bodyOf(event).toString('utf8'))
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** The JSON that was sent, also where it was recorded as text; an empty object if it was none. */
export function requestOf(event: HttpEvent): JsonObject {
  if (isJsonObject(event.request.json)) return event.request.json
  try {
    const value = parseJson(event.request.text ?? '')
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** The graph that a recorded POST /prompt sent; an empty one where it sent something else. */
export function graphOf(event: HttpEvent): ApiGraph {
  const { prompt } = requestOf(event)
  return isJsonObject(prompt) ? (prompt as unknown as ApiGraph) : {}
}

/** A path without its query. */
export function pathOf(path: string): string {
  return path.split('?')[0] ?? ''
}
