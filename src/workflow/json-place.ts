import type { Where } from '../errors.ts'
import { Places } from '../places.ts'
import { scanValue } from '../protocol/json-scan.ts'

/**
 * The place of a key in a JSON text, by the keys that lead to it: the key itself, for the last of them. `text` must
 * be valid JSON. Only the file, if it has no such key.
 */
export function placeOfKey(text: string, file: string, path: readonly string[]): Where {
  let start = 0
  let found: { readonly start: number; readonly end: number } | undefined
  for (const key of path) {
    const scanned = scanValue(text, start)
    // Of a key that is there twice the last one counts.
    const entry = scanned.kind === 'object' ? scanned.entries.findLast((each) => each.key === key) : undefined
    if (!entry) return { file }
    found = entry.keySpan
    start = entry.valueSpan.start
  }
  return found ? new Places(file, text).at(found.start, found.end) : { file }
}
