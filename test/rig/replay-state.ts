import type { IncomingMessage } from 'node:http'
import { isJsonObject, stringifyJson, type JsonObject } from '../../src/protocol/json.ts'
import { filesIn } from '../../src/protocol/outputs.ts'
import { answerOf, pathOf, readScenario, type HttpEvent, type Scenario } from './golden.ts'
import {
  derivedRecord,
  promptsOf,
  recordedAfterEnd,
  stateOf,
  type PromptFacts,
  type PromptState,
} from './timeline.ts'

/** An answer that was not recorded. */
export interface PlainAnswer {
  readonly status: number
  readonly type: string
  readonly body: string | Buffer
}

/** A valid PNG of one grey pixel, for files whose bytes were not recorded. */
export const plainPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
)

/** What the recorded server would answer to a question, at the point that the recording has reached. */
export class ReplayState {
  /** How many events have been played. */
  played = 0
  readonly #scenario: Scenario
  readonly #prompts: readonly PromptFacts[]
  readonly #version: string | undefined

  constructor(scenario: Scenario, version?: string) {
    this.#scenario = scenario
    this.#prompts = promptsOf(scenario)
    this.#version = version
  }

  answer(method: string, path: string, headers: IncomingMessage['headers']): PlainAnswer | HttpEvent {
    if (method === 'POST') return this.#post(path)
    const [, route, ...rest] = pathOf(path).split('/')
    const id = rest.at(-1) ?? ''
    if (route === 'history' && this.#knows(id)) return this.#history(id)
    if (route === 'api' && rest[0] === 'jobs' && this.#knows(id)) return this.#job(id)
    if (path === '/queue') return json(this.#queue())
    if (route === 'view') return this.#view(method, path, headers)
    return this.#recorded(method, path, headers) ?? this.#reference(path)
  }

  /** Whether a recorded request asks about one of the recorded prompts. */
  isLook({ method, path }: HttpEvent): boolean {
    return (
      method === 'GET' && /^\/(?:history|api\/jobs)\//.test(path) && this.#knows(path.split('/').at(-1) ?? '')
    )
  }

  #knows(id: string): boolean {
    return this.#prompts.some((prompt) => prompt.id === id)
  }

  /** A prompt id that was used twice stands for the one that is not ended, else for the last. */
  #promptOf(id: string): readonly [PromptFacts | undefined, PromptState] {
    const known = this.#prompts
      .filter((prompt) => prompt.id === id)
      .map((prompt) => [prompt, stateOf(prompt, this.played, this.#scenario)] as const)
      .filter(([, state]) => state !== 'unknown')
    return known.find(([, state]) => state !== 'ended') ?? known.at(-1) ?? [undefined, 'unknown']
  }

  #history(id: string): PlainAnswer | HttpEvent {
    const ended = this.#prompts.findLast(
      (prompt) => prompt.id === id && stateOf(prompt, this.played, this.#scenario) === 'ended',
    )
    if (!ended) return json({})
    const recorded = recordedAfterEnd(ended, `/history/${id}`, this.#scenario)
    return recorded ?? json({ [id]: derivedRecord(ended, this.#scenario) })
  }

  #job(id: string): PlainAnswer | HttpEvent {
    const [prompt, state] = this.#promptOf(id)
    if (!prompt || state === 'unknown') return json({ error: 'Job not found' }, 404)
    if (state === 'pending') return json({ id, status: 'pending' })
    if (state === 'running') return json({ id, status: 'in_progress' })
    const recorded = recordedAfterEnd(prompt, `/api/jobs/${id}`, this.#scenario)
    return recorded ?? json({ id, status: 'completed' })
  }

  #queue(): JsonObject {
    const items = (wanted: PromptState) =>
      this.#prompts
        .filter((prompt) => stateOf(prompt, this.played, this.#scenario) === wanted)
        .map(({ number, id, graph }) => [number, id, graph as unknown as JsonObject, {}, []])
    return { queue_running: items('running'), queue_pending: items('pending') }
  }

  #view(method: string, path: string, headers: IncomingMessage['headers']): PlainAnswer | HttpEvent {
    const recorded = this.#recorded(method, path, headers)
    if (recorded) return recorded
    const isListed = this.#listed().some((file) => viewKey(viewPath(file)) === viewKey(path))
    return isListed
      ? { status: 200, type: 'image/png', body: plainPng }
      : { status: 404, type: 'application/octet-stream', body: '' }
  }

  /** The files of all ended prompts. */
  #listed(): ReturnType<typeof filesIn> {
    return this.#prompts
      .filter((prompt) => stateOf(prompt, this.played, this.#scenario) === 'ended')
      .flatMap((prompt) => {
        const answer = this.#history(prompt.id)
        const body = 'dir' in answer ? answerOf(answer) : (JSON.parse(String(answer.body)) as JsonObject)
        const record = body[prompt.id]
        return isJsonObject(record) && isJsonObject(record.outputs) ? filesIn(record.outputs) : []
      })
  }

  /**
   * The recorded answer to the same question: the latest that has been passed, else the next to come. Of several
   * that fit the one with the most request headers in common is taken.
   */
  #recorded(method: string, path: string, headers: IncomingMessage['headers']): HttpEvent | undefined {
    let best: { event: HttpEvent; score: number; isPast: boolean } | undefined
    for (const [index, event] of this.#scenario.events.entries()) {
      if (event.dir !== 'http' || event.method !== method || viewKey(event.path) !== viewKey(path)) continue
      const wanted = Object.entries(event.request.headers).filter(([name]) => name !== 'content-type')
      if (!wanted.every(([name, value]) => headers[name] === value)) continue
      const isPast = index < this.played
      const score = wanted.length
      if (!best || score > best.score || (score === best.score && isPast)) best = { event, score, isPast }
    }
    return best?.event
  }

  /** What every server of this version answers, from the recording of the plain questions. */
  #reference(path: string): PlainAnswer | HttpEvent {
    const event = readScenario('16a-misc-get').events.find(
      (event): event is HttpEvent => event.dir === 'http' && event.method === 'GET' && event.path === path,
    )
    if (path === '/system_stats' && this.#version !== undefined) {
      return json({ system: { comfyui_version: this.#version }, devices: [] })
    }
    if (event) return event
    return pathOf(path).startsWith('/object_info/')
      ? json({})
      : { status: 404, type: 'application/octet-stream', body: '' }
  }

  /** POSTs that were not recorded have no effect. */
  #post(path: string): PlainAnswer {
    if (path === '/queue' || path === '/interrupt' || path === '/free') {
      return { status: 200, type: 'application/octet-stream', body: '' }
    }
    if (/^\/api\/jobs\/[^/]+\/cancel$/.test(path)) return json({ cancelled: false })
    return { status: 405, type: 'text/plain; charset=utf-8', body: '405: Method Not Allowed' }
  }
}

function json(body: JsonObject, status = 200): PlainAnswer {
  return { status, type: 'application/json; charset=utf-8', body: stringifyJson(body) }
}

/** A path by what it asks: the order of the query does not matter, and /view has defaults. */
function viewKey(path: string): string {
  const url = new URL(path, 'http://host')
  const query = new Map(url.searchParams)
  if (url.pathname === '/view' && query.has('filename')) {
    if (!query.has('subfolder')) query.set('subfolder', '')
    if (!query.has('type')) query.set('type', 'output')
  }
  const parts = [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).sort()
  return `${url.pathname}?${parts.join('&')}`
}

function viewPath(file: { filename: string; subfolder: string; type: string }): string {
  return `/view?${new URLSearchParams({ filename: file.filename, subfolder: file.subfolder, type: file.type }).toString()}`
}
