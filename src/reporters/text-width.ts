/** One character as a person sees it (it may be many code points), and how many terminal columns it takes. */
export interface Grapheme {
  readonly text: string
  readonly width: number
}

/** Made when it is needed: that takes 10 ms. */
let segmenter: Intl.Segmenter | undefined
const plain = /^[ -~]*$/
const twoColumnEmoji = /\p{Emoji_Presentation}|\uFE0F/u
const noColumn = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11FF]$/u
/** East Asian scripts and full-width forms (Unicode's East Asian Width W and F); emoji are known otherwise. */
const twoColumns =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{1F200}-\u{1F265}\u{20000}-\u{3FFFD}]/u

/** The text's characters in order, with their widths. */
export function* graphemes(text: string): Generator<Grapheme> {
  if (plain.test(text)) {
    for (const character of text) yield { text: character, width: 1 }
    return
  }
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  for (const { segment } of segmenter.segment(text)) yield { text: segment, width: widthOf(segment) }
}

/** How many terminal columns a text takes. It must be clean: escape sequences are counted as text. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const grapheme of graphemes(text)) width += grapheme.width
  return width
}

/** The text, cut to at most so many columns; `…` stands for what was cut off. */
export function cutToWidth(text: string, columns: number): string {
  // No text has more columns than this, so the usual short one is not looked at.
  if (text.length * 2 <= columns || textWidth(text) <= columns) return text
  if (columns < 1) return ''
  let kept = ''
  let width = 0
  for (const grapheme of graphemes(text)) {
    if (width + grapheme.width > columns - 1) break
    kept += grapheme.text
    width += grapheme.width
  }
  return `${kept}…`
}

/** The text with spaces behind it, up to so many columns. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)))
}

function widthOf(segment: string): number {
  if (twoColumnEmoji.test(segment) || twoColumns.test(segment)) return 2
  for (const character of segment) if (!noColumn.test(character)) return 1
  return 0
}
