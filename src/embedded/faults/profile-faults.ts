import { decodeFrame, encodeImage } from '../../protocol/frames.ts'
import { isJsonObject, type JsonObject } from '../../protocol/json.ts'
import { json, notFound, type Answer } from '../answer.ts'
import type { Handle, Outgoing } from '../hooks.ts'
import { parsePython, writePython } from '../python-json.ts'
import type { Asked } from '../router.ts'
import { notAllowed } from './answers.ts'
import { isMessage, pathOf } from './concerns.ts'
import type { FaultHooks, FaultKind } from './fault.ts'
import { textOf } from './text-of.ts'

/** What a version of ComfyUI could not do yet. */
interface Profile {
  /** What `/system_stats` says; undefined if it said nothing. */
  readonly version?: string
  /** `GET /features`, the `feature_flags` frame, `progress_state`, previews with metadata, own prompt ids (0.3.45). */
  readonly hasFeatures: boolean
  /** `execution_success` (mid-2024). */
  readonly tellsSuccess: boolean
}

/** Servers of earlier days. Neither has the jobs API, an interrupt for one prompt only, or `missing_node_type`. */
export const profileFaults: readonly FaultKind[] = [
  {
    name: 'old-profile',
    summary:
      'a ComfyUI of early 2024: no `/features`, no flags, no jobs API, own prompt ids ignored, no `execution_success`, `/interrupt` stops whatever runs',
    scenario: 3,
    times: Infinity,
    make: () => asOf({ hasFeatures: false, tellsSuccess: false }),
  },
  {
    name: 'middle-profile',
    summary:
      'ComfyUI 0.3.50: features and own prompt ids, but no jobs API, and `/interrupt` stops whatever runs',
    scenario: 3,
    times: Infinity,
    make: () => asOf({ version: '0.3.50', hasFeatures: true, tellsSuccess: true }),
  },
]

function asOf(profile: Profile): FaultHooks {
  return {
    request: { concerns: () => true, answer: async (asked, handle) => answerAsOf(profile, asked, handle) },
    message: {
      concerns: ({ content }) => !isKnown(profile, content),
      replace: ({ client, content }) => {
        const image = Buffer.isBuffer(content) ? decodeFrame(content) : undefined
        if (image?.kind !== 'image-with-metadata') return []
        return [{ client, content: encodeImage(image.format, image.image) }]
      },
    },
    async end(_, outcome) {
      const messages = outcome.messages.filter(
        ([type]) => profile.tellsSuccess || type !== 'execution_success',
      )
      return { ...outcome, messages }
    },
  }
}

async function answerAsOf(profile: Profile, asked: Asked, handle: Handle): Promise<Answer> {
  const path = pathOf(asked)
  if (/^\/jobs(?:\/|$)/.test(path)) return asked.method === 'POST' ? notAllowed : notFound
  if (path === '/features' && !profile.hasFeatures) return notFound
  if (path === '/interrupt') return handle({ ...asked, body: Buffer.alloc(0) })
  if (path === '/prompt' && asked.method === 'POST') return postAsOf(profile, asked, handle)
  const answer = await handle(asked)
  return path === '/system_stats' ? changed(answer, (body) => statsAsOf(profile, body)) : answer
}

async function postAsOf({ hasFeatures }: Profile, asked: Asked, handle: Handle): Promise<Answer> {
  const body = readJson(asked.body.toString('utf8'))
  const { prompt_id: _, ...anonymous } = body ?? {}
  const posted = body && !hasFeatures ? { ...asked, body: Buffer.from(writePython(anonymous)) } : asked
  return changed(await handle(posted), refusalAsOf)
}

/** Before 0.12 a missing class was `invalid_prompt`, and did not name the node but in words. */
function refusalAsOf(body: JsonObject): JsonObject {
  const { error } = body
  if (!isJsonObject(error) || error.type !== 'missing_node_type') return body
  const { class_type: name } = isJsonObject(error.extra_info) ? error.extra_info : {}
  const message = `Cannot execute because node ${textOf(name)} does not exist.`
  return { ...body, error: { ...error, type: 'invalid_prompt', message, extra_info: {} } }
}

function statsAsOf({ version }: Profile, body: JsonObject): JsonObject {
  const { comfyui_version: _, ...system } = isJsonObject(body.system) ? body.system : {}
  return { ...body, system: { ...system, ...(version !== undefined && { comfyui_version: version }) } }
}

function isKnown({ hasFeatures, tellsSuccess }: Profile, content: Outgoing['content']): boolean {
  if (Buffer.isBuffer(content)) return hasFeatures || decodeFrame(content)?.kind !== 'image-with-metadata'
  if (!isMessage(content)) return true
  const { type } = content
  if (type === 'execution_success') return tellsSuccess
  return hasFeatures || (type !== 'feature_flags' && type !== 'progress_state')
}

function changed(answer: Answer, change: (body: JsonObject) => JsonObject): Answer {
  const body = readJson(String(answer.body))
  return body ? json(change(body), answer.status) : answer
}

function readJson(text: string): JsonObject | undefined {
  try {
    const value = parsePython(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
