import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts'
import type { Access } from './access.ts'
import { capabilitiesOf, type Capabilities } from './capabilities.ts'
import { getJson, jsonOf, send } from './http.ts'

/** What a server says of itself. Everything but the capabilities may be left out by old servers and forks. */
export interface ServerReport {
  readonly capabilities: Capabilities
  /** `posix` or `nt` up to 2025, then `linux`, `win32`, `darwin`. */
  readonly os: string | undefined
  readonly python: string | undefined
  readonly pytorch: string | undefined
  /** Bytes. */
  readonly ramTotal: number | undefined
  readonly ramFree: number | undefined
  readonly devices: readonly Device[]
  /** Jobs of everyone that wait or run. */
  readonly queue: number | undefined
}

/** A device that models run on. */
export interface Device {
  readonly name: string
  /** Bytes. */
  readonly vramTotal: number | undefined
  readonly vramFree: number | undefined
}

/**
 * Asks a server what it is: `GET /system_stats`, `/features` and `/prompt` (§2.2, §2.9). Throws `server-unreachable`,
 * `server-refused`, `not-comfyui`.
 */
export async function fetchServerReport(access: Access): Promise<ServerReport> {
  const stats = await getJson(access, 'system_stats')
  const [features, queue] = await Promise.all([tryJson(access, 'features'), tryJson(access, 'prompt')])
  return reportOf(stats, features, queue)
}

/** The report, from the three answers; undefined for those that the server does not give. */
export function reportOf(
  stats: JsonObject,
  features: JsonObject | undefined,
  queue: JsonObject | undefined,
): ServerReport {
  const system = isJsonObject(stats.system) ? stats.system : {}
  const waiting = isJsonObject(queue?.exec_info) ? queue.exec_info : {}
  return {
    capabilities: capabilitiesOf(stats, features),
    os: textOf(system.os),
    // The version, then who built it.
    python: textOf(system.python_version)?.split(' ')[0],
    pytorch: textOf(system.pytorch_version),
    ramTotal: numberOf(system.ram_total),
    ramFree: numberOf(system.ram_free),
    devices: (isJsonArray(stats.devices) ? stats.devices : []).filter(isJsonObject).map((device) => ({
      name: textOf(device.name) ?? textOf(device.type) ?? 'unknown',
      vramTotal: numberOf(device.vram_total),
      vramFree: numberOf(device.vram_free),
    })),
    queue: numberOf(waiting.queue_remaining),
  }
}

async function tryJson(access: Access, path: string): Promise<JsonObject | undefined> {
  const answer = await send(access, 'GET', path)
  const body = answer.status === 200 ? jsonOf(answer) : undefined
  return isJsonObject(body) ? body : undefined
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}
