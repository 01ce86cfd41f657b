import { ComfyRunError } from './errors.ts'
import { didYouMean } from './near-matches.ts'

/** A placeholder of a template: `{name:40|untitled}`. */
export interface Placeholder {
  readonly name: string
  /** After `:`. Texts are cut to so many characters; numbers get zeros in front up to so many digits. */
  readonly width?: number
  /** After `|`: used when there is no value. */
  readonly fallback?: string
}

/** A parsed template: plain texts and placeholders in order. */
export type Template = readonly (string | Placeholder)[]

/**
 * Parses a template such as `{path} {seed|no seed}`, in which only the `known` placeholders may stand. `{{` and `}}`
 * are single braces. `what` is what the template is called in messages. Throws ComfyRunError `bad-option` for an
 * unknown placeholder (with near matches) or a stray brace.
 */
export function parseTemplate(text: string, what: string, known: readonly string[]): Template {
  const fault = (message: string, hint: string): ComfyRunError =>
    new ComfyRunError('bad-option', `${what} "${text}": ${message}`, { hint })
  const parts: (string | Placeholder)[] = []
  for (const [piece] of text.matchAll(/\{\{|\}\}|\{[^{}]*\}|[^{}]+|[{}]/g)) {
    if (piece === '{{' || piece === '}}') parts.push(piece.slice(1))
    else if (!/[{}]/.test(piece)) parts.push(piece)
    else if (piece.length === 1) throw fault(`a "${piece}" has no partner`, 'write {{ or }} for a brace')
    else {
      const placeholder = readPlaceholder(piece)
      if (!placeholder) {
        const forms = '{name}, {name:40}, {name|default} or {name:40|default}'
        throw fault(`${piece} is not a placeholder`, `placeholders are written ${forms}`)
      }
      const { name } = placeholder
      if (!known.includes(name)) {
        const hint = didYouMean(name, known) ?? `there are ${known.join(', ')}`
        throw fault(`there is no placeholder {${name}}`, hint)
      }
      parts.push(placeholder)
    }
  }
  return parts
}

/** Fills a template in. A placeholder without value and fallback leaves nothing. */
export function fillTemplate(
  template: Template,
  valueOf: (name: string) => string | number | undefined,
): string {
  return template.map((part) => (typeof part === 'string' ? part : fill(part, valueOf(part.name)))).join('')
}

function readPlaceholder(piece: string): Placeholder | undefined {
  const match = /^\{([^:|]*)(?::(\d{1,3}))?(?:\|(.*))?\}$/s.exec(piece)
  if (!match) return undefined
  const [, name = '', width, fallback] = match
  return {
    name,
    ...(width !== undefined && { width: Number(width) }),
    ...(fallback !== undefined && { fallback }),
  }
}

function fill({ width, fallback = '' }: Placeholder, value: string | number | undefined): string {
  if (value === undefined || value === '') return fallback
  if (typeof value === 'number') return String(value).padStart(width ?? 0, '0')
  return width === undefined ? value : Array.from(value).slice(0, width).join('')
}
