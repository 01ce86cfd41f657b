import type { JsonValue } from '../../protocol/json.ts'

/** A text in JSON; empty for anything else. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
