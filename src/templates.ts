import { ComfyRunError, type Where } from './errors.ts'
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

/** The templates of one kind. */
export interface TemplateKind {
  /** What messages call them. */
  readonly what: string
  /** The placeholders that they may have. */
  readonly names: readonly string[]
  /** Names that begin so are placeholders, too, and how messages tell that. */
  readonly open?: { readonly start: string; readonly text: string }
}

/**
 * Parses a template such as `{path} {seed|no seed}`. `{{` and `}}` are single braces. Throws ComfyRunError `bad-option`,
 * at `where`, for a placeholder that the kind does not have (with near matches) or a stray brace.
 */
export function parseTemplate(text: string, kind: TemplateKind, where?: Where): Template {
  const fault = (message: string, hint: string): ComfyRunError =>
    new ComfyRunError('bad-option', `${kind.what} "${text}": ${message}`, { hint, where })
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
      if (!isKnown(name, kind)) throw fault(`there is no placeholder {${name}}`, knownHint(name, kind))
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

function isKnown(name: string, { names, open }: TemplateKind): boolean {
  return names.includes(name) || (open !== undefined && name.startsWith(open.start) && name !== open.start)
}

function knownHint(name: string, { names, open }: TemplateKind): string {
  return didYouMean(name, names) ?? `there are ${names.join(', ')}${open ? `, and ${open.text}` : ''}`
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
