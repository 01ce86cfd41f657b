import type { RunEvent } from '../events.ts'
import { cleanBlock } from './clean-text.ts'

/**
 * What an event puts on stdout, with a line break at its end: the path of a saved file (previews are no results), or
 * a node's text. Undefined for all other events.
 */
export function resultText(event: RunEvent): string | undefined {
  if (event.type === 'file-saved' && event.kind !== 'preview') return `${event.path}\n`
  if (event.type === 'text-output') return `${cleanBlock(event.text).replace(/\n$/, '')}\n`
  return undefined
}
