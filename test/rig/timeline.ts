import type { ApiGraph } from '../../src/protocol/graph.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../src/protocol/json.ts'
import { parseMessage, type SocketMessage } from '../../src/protocol/messages.ts'
import { answerOf, graphOf, requestOf, type HttpEvent, type Scenario } from './golden.ts'

/** One prompt of a recording: at which event it was posted, began to run, ended or was taken from the queue. */
export interface PromptFacts {
  readonly id: string
  readonly number: number
  readonly graph: ApiGraph
  readonly posted: number
  started?: number
  ended?: number
  removed?: number
}

export type PromptState = 'unknown' | 'pending' | 'running' | 'ended'

/** Finds the prompts of a recording. An id that was used twice gives two entries. */
export function promptsOf(scenario: Scenario): PromptFacts[] {
  const prompts: PromptFacts[] = []
  const find = (id: JsonValue | undefined, isRight: (prompt: PromptFacts) => boolean) =>
    prompts.find((prompt) => prompt.id === id && isRight(prompt))
  for (const [index, event] of scenario.events.entries()) {
    if (event.dir === 'http' && event.path === '/prompt' && event.status === 200) {
      const { prompt_id: id, number } = answerOf(event)
      if (typeof id === 'string') {
        prompts.push({ id, number: Number(number), graph: graphOf(event), posted: index })
      }
    } else if (event.dir === 'http' && event.method === 'POST') {
      for (const id of removedBy(event)) {
        const prompt = find(id, (prompt) => prompt.started === undefined)
        if (prompt) prompt.removed ??= index
      }
    } else if (event.dir === 'ws' && event.text !== undefined) {
      const message = parseMessage(event.text)
      const id = message?.data.prompt_id
      const isEnd = message?.type === 'executing' && message.data.node === null
      if (message?.type === 'execution_start' || message?.type === 'progress_state') {
        const prompt = find(id, ({ started, ended }) => started === undefined && ended === undefined)
        // Several sockets may tell of one start, and node states come again and again.
        if (prompt && !find(id, ({ started, ended }) => started !== undefined && ended === undefined)) {
          prompt.started = index
        }
      }
      if (isEnd) {
        const prompt = find(id, ({ started, ended }) => started !== undefined && ended === undefined)
        if (prompt) prompt.ended = index
      }
    }
  }
  for (const prompt of prompts) {
    if (prompt.removed === undefined) prompt.ended ??= endSeenByAsking(scenario, prompt)
  }
  return prompts
}

/** The ids of waiting prompts that a request takes from the queue, if they wait. */
function removedBy(event: HttpEvent): readonly JsonValue[] {
  const body = requestOf(event)
  if (event.path === '/queue' && isJsonArray(body.delete)) return body.delete
  if (answerOf(event).cancelled !== true) return []
  if (event.path === '/api/jobs/cancel' && isJsonArray(body.job_ids)) return body.job_ids
  return [event.path.split('/')[3] ?? '']
}

/** No end marker was recorded: the end is where the recorder first read a record of it. */
function endSeenByAsking(scenario: Scenario, { id, posted }: PromptFacts): number | undefined {
  const index = scenario.events.findIndex(
    (event, index) =>
      index > posted &&
      event.dir === 'http' &&
      ((event.path === `/history/${id}` && id in answerOf(event)) ||
        (event.path === `/api/jobs/${id}` && answerOf(event).status === 'failed')),
  )
  return index < 0 ? undefined : index
}

/** What the server would say about a prompt when the first `played` events have happened. */
export function stateOf(prompt: PromptFacts, played: number, scenario: Scenario): PromptState {
  const { posted, started, ended, removed } = prompt
  if (played <= posted) return 'unknown'
  if (removed !== undefined && played > removed) return 'unknown'
  if (ended !== undefined && played > ended) return 'ended'
  if (started !== undefined) return played > started ? 'running' : 'pending'
  // Nobody listened, so nobody knows when it began.
  return hasSockets(scenario) ? 'pending' : 'running'
}

/** Whether anybody listened on a socket. */
export function hasSockets(scenario: Scenario): boolean {
  return scenario.events.some((event) => event.dir === 'ws-open')
}

/** The recorded answer to a question about an ended prompt: the first that came after its end. */
export function recordedAfterEnd(
  prompt: PromptFacts,
  path: string,
  scenario: Scenario,
): HttpEvent | undefined {
  return scenario.events
    .slice(prompt.ended)
    .find((event): event is HttpEvent => event.dir === 'http' && event.path === path)
}

/** The record of an ended prompt, made of its messages. */
export function derivedRecord(prompt: PromptFacts, scenario: Scenario): JsonObject {
  const messages = scenario.events
    .slice(prompt.posted, prompt.ended)
    .map((event) => (event.dir === 'ws' && event.text !== undefined ? parseMessage(event.text) : undefined))
    .filter((message): message is SocketMessage => message?.data.prompt_id === prompt.id)
  const outputs: Record<string, JsonValue> = {}
  for (const { type, data } of messages) {
    const { node, output } = data
    if (type === 'executed' && typeof node === 'string' && isJsonObject(output)) outputs[node] = output
  }
  const kept = messages.filter(({ type }) => type.startsWith('execution_'))
  const succeeded = kept.some(({ type }) => type === 'execution_success')
  return {
    prompt: [prompt.number, prompt.id, prompt.graph as unknown as JsonObject, {}, Object.keys(outputs)],
    outputs,
    status: {
      status_str: succeeded ? 'success' : 'error',
      completed: succeeded,
      messages: kept.map(({ type, data }) => [type, data]),
    },
    meta: {},
  }
}
