import { basename, extname } from 'node:path'
import { ComfyRunError, type Where } from '../errors.ts'
import { didYouMean } from '../near-matches.ts'
import { stringifyJson, type JsonValue } from '../protocol/json.ts'
import { isFileRole } from '../workflow/roles.ts'
import { cleanPart, cleanText, cut, cutBytes, longestPart, slug } from './file-names.ts'
import type { Placeholder, Template } from '../templates.ts'

/** What a name can be made of. */
export interface NameValues {
  /** The job's number in the plan, from 1. */
  readonly index: number
  /** The copy's number, from 1. */
  readonly copy: number
  /** When the run began, in local time. */
  readonly date: Date
  /** The path of the workflow file, or `stdin`. */
  readonly workflow: string
  /** The value of a role in the job's graph; undefined if the graph has none. */
  role(name: string): JsonValue | undefined
  /** The value of the row's cell of this key. */
  cell(key: string): JsonValue | undefined
  /** The keys of the row's cells. */
  columns(): readonly string[]
}

/** A value of a template, and whether it may be shortened when the name gets too long. */
interface Piece {
  text: string
  readonly elastic: boolean
}

/** Roles whose values are sentences: shown as slugs. */
const sentences = new Set(['prompt', 'negative'])
/** Roles whose values are files: shown without folder and extension. */
const isFile = (role: string): boolean => role === 'model' || isFileRole(role)

/**
 * The name of a job whose user chose none: `{prompt:40}_{seed}`, with the workflow file's name if there is no
 * prompt, and without the seed if there is none. A row's own image, else its own workflow, comes first:
 * `{image:40}_{prompt:40}_{seed}`.
 */
export function defaultName(values: NameValues): string {
  const prompt = values.role('prompt')
  const words = typeof prompt === 'string' ? slug(prompt, 40) : ''
  const seed = values.role('seed')
  const end = seed === undefined ? '' : `_${plainText(seed)}`
  const own = values.cell('image') ?? values.cell('workflow')
  const stem = typeof own === 'string' ? slug(stemOf(own), 40) : ''
  const what = words === '' ? cleanPart(stemOf(values.workflow)) || 'image' : words
  const start = stem === '' || stem === what ? what : `${stem}_${what}`
  return cleanPart(cutBytes(start, longestPart - Buffer.byteLength(end)) + end)
}

/**
 * Fills in a template. `/` in the template makes folders; values can not. Each part of the path is cleaned for
 * every file system; if a part gets too long its longest text gives way, never a number. The name has no
 * extension. Throws ComfyRunError `bad-value` if a value is missing that has no default, or a part is empty.
 */
export function fillName(template: Template, values: NameValues, where?: Where): string {
  const parts: Piece[][] = [[]]
  for (const part of template) {
    if (typeof part !== 'string') {
      parts.at(-1)?.push(fill(part, values, where))
      continue
    }
    const [first = '', ...more] = part.split('/')
    parts.at(-1)?.push({ text: cleanText(first), elastic: false })
    for (const text of more) parts.push([{ text: cleanText(text), elastic: false }])
  }
  const cleaned = parts.map(joinPieces)
  if (cleaned.every((part) => part !== '')) return cleaned.join('/')
  throw new ComfyRunError('bad-value', 'a part of the name template comes out empty', {
    hint: 'give its placeholders a default: {row.x|untitled}',
    ...(where && { where }),
  })
}

/** The same name with a number at its end, for the second and later jobs of that name. */
export function numberedName(name: string, number: number): string {
  const suffix = `-${number}`
  const slash = name.lastIndexOf('/') + 1
  return name.slice(0, slash) + cutBytes(name.slice(slash), longestPart - suffix.length) + suffix
}

function joinPieces(pieces: Piece[]): string {
  const size = (): number => pieces.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  for (let over = size() - longestPart; over > 0; over = size() - longestPart) {
    const longest = pieces
      .filter(({ elastic, text }) => elastic && text !== '')
      .reduce<Piece | undefined>((a, b) => (a && a.text.length >= b.text.length ? a : b), undefined)
    if (!longest) break
    longest.text = cutBytes(longest.text, Math.max(0, Buffer.byteLength(longest.text) - over))
  }
  return cleanPart(pieces.map(({ text }) => text).join(''))
}

function fill(placeholder: Placeholder, values: NameValues, where?: Where): Piece {
  const { name, width, fallback } = placeholder
  const value = valueOf(name, values)
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  const text = value === undefined ? '' : textOf(name, value, width)
  if (text !== '') return { text: isNumber ? text.padStart(width ?? 0, '0') : text, elastic: !isNumber }
  if (fallback !== undefined) return { text: cleanText(fallback), elastic: true }
  throw missing(name, values, where)
}

function valueOf(name: string, values: NameValues): JsonValue | undefined {
  if (name === 'index') return values.index
  if (name === 'copy') return values.copy
  if (name === 'date') return localDate(values.date)
  if (name === 'workflow') return stemOf(values.workflow)
  if (!name.startsWith('row.')) return values.role(name)
  return values.cell(name) ?? values.cell(name.slice('row.'.length))
}

function textOf(name: string, value: JsonValue, width: number | undefined): string {
  const text = plainText(value)
  if (typeof value !== 'string') return cleanText(text)
  if (sentences.has(name)) return slug(text, width)
  const clean = cleanText(isFile(name) ? stemOf(text) : text).trim()
  // What would vanish when the part is cleaned counts as no value.
  if (cleanPart(clean) === '') return ''
  return width === undefined ? clean : cut(clean, width).trimEnd()
}

function plainText(value: JsonValue): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  return typeof value === 'bigint' ? String(value) : stringifyJson(value)
}

/** A number beyond 32 bits takes JavaScript long to write out, and seeds come by the million: here it is written in halves. */
function numberText(value: number): string {
  if (!Number.isSafeInteger(value) || value < 1e9) return String(value)
  const high = Math.floor(value / 1e8)
  return `${high}${String(value - high * 1e8 + 1e8).slice(1)}`
}

function missing(name: string, values: NameValues, where?: Where): ComfyRunError {
  const columns = values.columns().map((key) => (key.startsWith('row.') ? key : `row.${key}`))
  const near = name.startsWith('row.') ? didYouMean(name, columns) : undefined
  return new ComfyRunError('bad-value', `the name needs {${name}}, but the job has no value for it`, {
    hint: near ?? `a default helps: {${name}|none}`,
    ...(where && { where }),
  })
}

/** A file's name without folders (of Windows, too) and extension. */
function stemOf(path: string): string {
  const name = basename(path.replaceAll('\\', '/'))
  return basename(name, extname(name))
}

function localDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
