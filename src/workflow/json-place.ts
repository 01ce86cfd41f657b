import type { Where } from '../errors.ts'
import { Places } from '../places.ts'
import { scanValue, type Entry } from '../protocol/json-scan.ts'

/**
 * The place of a key in a JSON text, by the keys that lead to it: the key itself, for the last of them. `text` must
 * be valid JSON. Only the file, if it has no such key.
 */
export function placeOfKey(text: string, file: string, path: readonly string[]): Where {
  const found = findEntry(text, path)
  return found ? new Places(file, text).at(found.keySpan.start, found.keySpan.end) : { file }
}

/** As `placeOfKey`, but of the value that the last key has. */
export function placeOfValue(text: string, file: string, path: readonly string[]): Where {
  const found = findEntry(text, path)
  return found ? new Places(file, text).at(found.valueSpan.start, found.valueSpan.end) : { file }
}

function findEntry(text: string, path: readonly string[]): Entry | undefined {
  let start = 0
  let found: Entry | undefined
  for (const key of path) {
    const scanned = scanValue(text, start)
    // Of a key that is there twice the last one counts.
    found = scanned.kind === 'object' ? scanned.entries.findLast((each) => each.key === key) : undefined
    if (!found) return undefined
    start = found.valueSpan.start
  }
  return found
}
