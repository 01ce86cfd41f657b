import { ComfyRunError } from './errors.ts'
import { didYouMean } from './near-matches.ts'

/** How a number of images is compared with the one that is expected. */
export type Comparison = '=' | '>=' | '<='

/** What the outputs of a job must be. `text` is the check as the user wrote it. */
export type Expectation = { readonly text: string } & (
  | { readonly check: 'images'; readonly comparison: Comparison; readonly count: number }
  | { readonly check: 'size'; readonly width: number; readonly height: number }
  | { readonly check: 'not-blank' }
  /** `format` is a file extension, `jpg` and `tif` in their short form. */
  | { readonly check: 'format'; readonly format: string }
  /** `likeness` is from 0 to 1; `file` is as it was written, `similar=golden.png:0.95`. */
  | { readonly check: 'similar'; readonly file: string; readonly likeness: number }
)

/** What `similar` wants if no number is given. */
const defaultLikeness = 0.95

/** Formats that nodes save, by extension. */
const formats = [
  'avif',
  'flac',
  'gif',
  'glb',
  'jpg',
  'm4a',
  'mkv',
  'mov',
  'mp3',
  'mp4',
  'ogg',
  'opus',
].concat(['png', 'svg', 'tif', 'txt', 'wav', 'webm', 'webp'])

const examples = ['images>=1', 'size=1024x1024', 'not-blank', 'format=png', 'similar=golden.png:0.95']

/**
 * Reads checks of outputs: one, or several with `;` between them, as in `images>=1; size=1024x1024`. Throws
 * `bad-option`.
 */
export function parseExpectations(text: string): Expectation[] {
  const checks = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (checks.length === 0) throw notUnderstood(text)
  return checks.map(parseExpectation)
}

/** The checks of a job: its own ones come before those of the run that look at the same. */
export function jobExpectations(
  own: readonly Expectation[],
  ofRun: readonly Expectation[],
): readonly Expectation[] {
  if (own.length === 0) return ofRun
  return [...own, ...ofRun.filter(({ check }) => own.every((expectation) => expectation.check !== check))]
}

/** A check as text that means the same wherever it is read: the path in it is that of the file. */
export function expectationText(expectation: Expectation): string {
  if (expectation.check !== 'similar') return expectation.text
  return `similar=${expectation.file}:${expectation.likeness}`
}

/** An extension in the one form that is compared: `jpeg` is `jpg`. */
export function shortFormat(extension: string): string {
  const lower = extension.toLowerCase()
  return lower === 'jpeg' ? 'jpg' : lower === 'tiff' ? 'tif' : lower
}

/** Reads a single check, in which a `;` is a character like any other. Throws `bad-option`. */
export function parseExpectation(text: string): Expectation {
  const [, check = '', comparison = '', value = ''] = /^([a-z-]+)\s*(?:(>=|<=|=)\s*(.+))?$/is.exec(text) ?? []
  const name = check.toLowerCase()
  if (name === 'not-blank' && comparison === '') return { check: name, text }
  if (name === 'images') return imagesExpectation(text, comparison, value)
  if (comparison !== '=') throw notUnderstood(text)
  if (name === 'size') return sizeExpectation(text, value)
  if (name === 'format') return formatExpectation(text, value)
  if (name === 'similar') return similarExpectation(text, value)
  throw notUnderstood(text)
}

function imagesExpectation(text: string, comparison: string, value: string): Expectation {
  if (!/^\d{1,9}$/.test(value)) {
    throw notUnderstood(text, 'for example "images>=1", in quotes: a shell takes > and < for itself')
  }
  return { check: 'images', comparison: comparison as Comparison, count: Number(value), text }
}

function sizeExpectation(text: string, value: string): Expectation {
  const [, width, height] = /^(\d{1,6})\s*[x×*]\s*(\d{1,6})$/i.exec(value) ?? []
  if (!width || !height) throw notUnderstood(text, 'for example size=1024x1024')
  return { check: 'size', width: Number(width), height: Number(height), text }
}

function formatExpectation(text: string, value: string): Expectation {
  const format = shortFormat(value.replace(/^\./, ''))
  if (formats.includes(format)) return { check: 'format', format, text }
  throw notUnderstood(text, didYouMean(format, formats) ?? `formats are ${formats.join(', ')}`)
}

function similarExpectation(text: string, value: string): Expectation {
  const [, file = '', number] = /^(.+?)(?::(\d*\.?\d+))?$/s.exec(value) ?? []
  const likeness = number === undefined ? defaultLikeness : Number(number)
  if (file === '' || likeness > 1)
    throw notUnderstood(text, 'for example similar=golden.png:0.95, from 0 to 1')
  return { check: 'similar', file, likeness, text }
}

function notUnderstood(text: string, hint = `checks are ${examples.join(', ')}`): ComfyRunError {
  return new ComfyRunError('bad-option', `the check "${text}" is not understood`, { hint })
}
