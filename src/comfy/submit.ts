import { setTimeout as delay } from 'node:timers/promises'
import { v4 as uuid } from 'uuid'
import { ComfyRunError } from '../errors.ts'
import type { ApiGraph } from '../protocol/graph.ts'
import { isJsonObject, type JsonObject } from '../protocol/json.ts'
import { readNodeErrors, readRejection, type InputError, type PromptBody } from '../protocol/prompt.ts'
import type { Access } from './access.ts'
import type { Capabilities } from './capabilities.ts'
import { jsonOf, send, snippet, unexpected, type Answer } from './http.ts'
import { rejectionError } from './rejection.ts'
import { readTruth } from './truth.ts'
import { isUnreachable, wasNeverSent } from './unreachable.ts'

/** What is to be run. */
export interface Submission {
  readonly graph: ApiGraph
  readonly clientId: string
  readonly extraData: JsonObject
  /** Told the id before each POST, which waits for it: a record of it must exist before the server can know it. */
  readonly onSending?: (promptId: string) => Promise<void>
  readonly signal?: AbortSignal
}

/** The server has taken the prompt. */
export interface Accepted {
  readonly promptId: string
  /** Complaints of a 200: the outputs that they name were dropped, the others run. */
  readonly dropped: readonly InputError[]
}

const attempts = 4

/**
 * Posts a prompt under an id of our own. A POST whose answer got lost is looked up on the server before it is
 * sent again, always under a new id, so that nothing is generated twice. Throws `workflow-rejected` and its
 * kin, `server-refused`, `server-unreachable`.
 */
export async function submitPrompt(
  access: Access,
  capabilities: Capabilities,
  submission: Submission,
): Promise<Accepted> {
  for (let attempt = 1; ; attempt += 1) {
    const promptId = uuid()
    await submission.onSending?.(promptId)
    const answer = await post(access, promptId, submission)
    if (!(answer instanceof ComfyRunError)) {
      if (answer.status === 200) return accepted(access, answer, promptId)
      if (answer.status === 400) throw await refusal(access, answer, submission.graph)
    }
    // A 500, too, can come for a prompt that was queued all the same.
    if (await wasTaken(access, capabilities, promptId, answer)) return { promptId, dropped: [] }
    if (!(answer instanceof ComfyRunError) && !mayPass(answer)) throw failedAnswer(access, answer)
    // A server that ignores our id may have queued the prompt under its own: sending it again could run it twice.
    if (attempt === attempts || !capabilities.previewMetadata) {
      throw answer instanceof ComfyRunError ? answer : unexpected(access, 'POST /prompt', answer)
    }
    const seconds = answer instanceof ComfyRunError ? undefined : answer.retryAfter
    await pause(seconds === undefined ? 250 * 2 ** attempt : seconds * 1000, submission.signal)
    // A request that was cut off may still have been on its way when we asked.
    if (await wasTaken(access, capabilities, promptId, answer)) return { promptId, dropped: [] }
  }
}

async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal })
}

async function post(
  access: Access,
  promptId: string,
  submission: Submission,
): Promise<Answer | ComfyRunError> {
  const body: PromptBody = {
    prompt: submission.graph,
    client_id: submission.clientId,
    prompt_id: promptId,
    extra_data: submission.extraData,
  }
  try {
    return await send(access, 'POST', 'prompt', { json: body, signal: submission.signal })
  } catch (error) {
    if (error instanceof ComfyRunError) return error
    throw error
  }
}

/** An answer that another try may change: a gateway that lost its server, or too many requests. */
function mayPass({ status }: Answer): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504
}

function accepted(access: Access, answer: Answer, promptId: string): Accepted {
  const body = jsonOf(answer)
  if (!isJsonObject(body)) throw unexpected(access, 'POST /prompt', answer)
  const { prompt_id: given = promptId } = body
  // It goes into paths and records: whatever is no plain word is no id.
  if (typeof given !== 'string' || !/^[\w-]{1,128}$/.test(given)) {
    throw unexpected(access, 'POST /prompt', answer)
  }
  return {
    // Before 0.3.45 the server makes an id of its own.
    promptId: given,
    dropped: readNodeErrors(body.node_errors),
  }
}

async function refusal(access: Access, answer: Answer, graph: ApiGraph): Promise<ComfyRunError> {
  const body = jsonOf(answer)
  if (!isJsonObject(body)) return unexpected(access, 'POST /prompt', answer)
  return rejectionError(access, graph, readRejection(body))
}

function failedAnswer(access: Access, answer: Answer): ComfyRunError {
  if (answer.status === 413) {
    return new ComfyRunError(
      'workflow-rejected',
      `the workflow is too large for the server: ${snippet(answer)}`,
      {
        hint: 'start ComfyUI with a larger --max-upload-size',
      },
    )
  }
  if (answer.status !== 500) return unexpected(access, 'POST /prompt', answer)
  return new ComfyRunError(
    'workflow-rejected',
    `the server could not read the workflow: ${snippet(answer)}`,
    {
      hint: "the server's own log has the reason",
    },
  )
}

/**
 * Whether the server has the prompt, in spite of what its answer was. While it can't be asked nobody knows, and nothing
 * may be sent again: then the error of the POST is thrown, and whoever comes back to this prompt must ask first
 * (pitfall 36).
 */
async function wasTaken(
  access: Access,
  capabilities: Capabilities,
  promptId: string,
  answer: Answer | ComfyRunError,
): Promise<boolean> {
  if (answer instanceof ComfyRunError && wasNeverSent(answer)) return false
  for (let attempt = 1; ; attempt += 1) {
    try {
      const truth = await readTruth(access, capabilities, promptId)
      return truth.state !== 'unknown'
    } catch (error) {
      if (!isUnreachable(error) || attempt === attempts)
        throw answer instanceof ComfyRunError ? answer : error
      await pause(250 * 2 ** attempt)
    }
  }
}
