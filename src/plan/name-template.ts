import { ComfyRunError, type Where } from '../errors.ts'
import { didYouMean } from '../near-matches.ts'
import { roleNames } from '../workflow/roles.ts'

/** A placeholder of a name template: `{prompt:40|untitled}`. */
export interface Placeholder {
  /** What stands for: `index`, `seed`, a role, `row.x`, ... */
  readonly name: string
  /** After `:`. Texts are cut to so many characters; numbers get zeros in front up to so many digits. */
  readonly width?: number
  /** After `|`: used when there is no value. */
  readonly fallback?: string
}

/** A parsed template: plain texts and placeholders in order. */
export type NameTemplate = readonly (string | Placeholder)[]

/** The placeholders that are no roles. `{row.x}` is the value that the row has in column `row.x` or `x`. */
const ownPlaceholders = ['index', 'copy', 'date', 'workflow', 'row.']

/**
 * Parses a template such as `{index:04}-{prompt:40}_{seed|no-seed}`. `{{` and `}}` stand for single braces.
 * Throws ComfyRunError `bad-option` for an unknown placeholder (with near matches) or a stray brace.
 */
export function parseTemplate(template: string, where?: Where): NameTemplate {
  const parts: (string | Placeholder)[] = []
  for (const [piece] of template.matchAll(/\{\{|\}\}|\{[^{}]*\}|[^{}]+|[{}]/g)) {
    if (piece === '{' || piece === '}') {
      throw badTemplate(template, `a "${piece}" has no partner`, 'write {{ or }} for a brace', where)
    }
    if (piece === '{{' || piece === '}}') parts.push(piece[0] as string)
    else parts.push(piece.startsWith('{') ? parsePlaceholder(template, piece, where) : piece)
  }
  return parts
}

/** The columns that a template uses as `{row.x}`, each on a line of its own. */
export function columnsUsed(template: NameTemplate): string {
  let columns = ''
  for (const part of template) {
    if (typeof part !== 'string' && part.name.startsWith('row.'))
      columns += `${part.name.slice('row.'.length)}\n`
  }
  return columns
}

function parsePlaceholder(template: string, piece: string, where?: Where): Placeholder {
  const match = /^\{([^:|]*)(?::(\d{1,3}))?(?:\|(.*))?\}$/s.exec(piece)
  if (!match) {
    const hint = 'placeholders are written {name}, {name:40}, {name|default} or {name:40|default}'
    throw badTemplate(template, `${piece} is not a placeholder`, hint, where)
  }
  const [, name = '', width, fallback] = match
  if (!isKnown(name)) {
    const known = [...ownPlaceholders.filter((own) => own !== 'row.'), ...roleNames]
    const hint = didYouMean(name, known) ?? `there are ${known.join(', ')}, and row.x for column x`
    throw badTemplate(template, `there is no placeholder {${name}}`, hint, where)
  }
  return {
    name,
    ...(width !== undefined && { width: Number(width) }),
    ...(fallback !== undefined && { fallback }),
  }
}

function isKnown(name: string): boolean {
  if (name.startsWith('row.')) return name.length > 'row.'.length
  return ownPlaceholders.includes(name) || (roleNames as readonly string[]).includes(name)
}

function badTemplate(template: string, fault: string, hint: string, where?: Where): ComfyRunError {
  return new ComfyRunError('bad-option', `name template "${template}": ${fault}`, {
    hint,
    ...(where && { where }),
  })
}
