import { setTimeout as delay } from 'node:timers/promises'
import { ComfyRunError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../protocol/json.ts'
import { redact } from '../secrets.ts'
import type { Access } from './access.ts'
import { getJson, jsonOf, send } from './http.ts'
import { isUnreachable, wasNeverSent } from './unreachable.ts'

/** What a server is and which parts of the protocol it has. Probed once; everything else asks this table. */
export interface Capabilities {
  /** e.g. `0.33.0`; undefined before August 2024 and on some forks. */
  readonly version?: string
  /** True for comfy-run's own embedded server: its model nodes rehearse. */
  readonly rehearsal: boolean
  /** `GET /api/jobs/{id}` tells pending, running, finished and unknown apart in one call (0.6.0). */
  readonly jobs: boolean
  /** `POST /api/jobs/{id}/cancel` (0.26.0). */
  readonly jobsCancel: boolean
  /** `POST /interrupt` heeds a prompt id (0.3.57); older servers interrupt whatever runs. */
  readonly targetedInterrupt: boolean
  /** Previews come with node and prompt id, binary type 4 (0.3.45). */
  readonly previewMetadata: boolean
  /** Largest body of any POST, in bytes (`--max-upload-size`); undefined if the server does not say. */
  readonly maxUploadBytes?: number
}

/**
 * Asks a server what it is. Throws `server-unreachable`, `server-refused`, or `not-comfyui` if something else
 * answers.
 */
export async function probe(access: Access): Promise<Capabilities> {
  // By the connections for files, too: then there is one for the first file.
  const forFiles = { ...access, dispatcher: access.fileDispatcher }
  const [stats, answer] = await Promise.all([
    getJson(access, 'system_stats'),
    send(forFiles, 'GET', 'features'),
  ])
  const features = answer.status === 200 ? jsonOf(answer) : undefined
  return capabilitiesOf(stats, isJsonObject(features) ? features : undefined)
}

/** The first question of a run: a connection that is cut once, or a proxy's 502, is no reason to give it up. */
const probes = 3
const pauseBetween = 300

/**
 * As `probe`, but what may pass at once is tried again, unless the signal says that nobody wants to know any more. A server
 * that nobody listens for is told at once.
 */
export async function probeFirmly(access: Access, signal?: AbortSignal): Promise<Capabilities> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await probe(access)
    } catch (error) {
      const mayPass = error instanceof ComfyRunError && isUnreachable(error) && !wasNeverSent(error)
      if (!mayPass || attempt === probes) throw error
      await delay(pauseBetween * attempt, undefined, { signal }).catch(() => {
        throw error
      })
    }
  }
}

/** The table, from `GET /system_stats` and `GET /features` (undefined where there is none: before 0.3.45). */
export function capabilitiesOf(stats: JsonObject, features: JsonObject | undefined): Capabilities {
  const system = isJsonObject(stats.system) ? stats.system : {}
  const version =
    typeof system.comfyui_version === 'string' ? redact(system.comfyui_version.slice(0, 100)) : undefined
  const since = (...wanted: readonly number[]): boolean => isAtLeast(version, wanted)
  const limit = features?.max_upload_size
  return {
    ...(version !== undefined && { version }),
    rehearsal: 'comfy_run' in system,
    jobs: since(0, 6, 0),
    jobsCancel: since(0, 26, 0),
    targetedInterrupt: since(0, 3, 57),
    previewMetadata: features?.supports_preview_metadata === true,
    ...(typeof limit === 'number' && { maxUploadBytes: limit }),
  }
}

/** Compares dotted versions; an unknown version counts as the oldest. */
function isAtLeast(version: string | undefined, wanted: readonly number[]): boolean {
  const parts = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version ?? '')
  if (!parts) return false
  for (const [index, least] of wanted.entries()) {
    const part = Number(parts[index + 1] ?? 0)
    if (part !== least) return part > least
  }
  return true
}
