import type { JsonValue } from '../../protocol/json.ts'

/** An id or a name as a text: schema 0.4 has numbers where 1.0 may have texts. Undefined for anything else. */
export function idText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
}
