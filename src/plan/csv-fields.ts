/** Where a field stands in its record's text: without quotes' neighbours, blanks and delimiters. */
export interface FieldSpan {
  readonly start: number
  readonly end: number
}

/**
 * Finds the fields in the text of one CSV record, which may begin with comment lines. Quotes are part of a
 * field. Also works on broken records: an unclosed quote reaches to the end.
 */
export function fieldSpans(raw: string, delimiter: string): FieldSpan[] {
  const spans: FieldSpan[] = []
  let at = afterComments(raw)
  for (;;) {
    while (isBlank(raw[at]) && raw[at] !== delimiter) at++
    const start = at
    let end = raw[at] === '"' ? endOfQuoted(raw, at) : at
    while (end < raw.length && raw[end] !== delimiter && raw[end] !== '\n') end++
    spans.push({ start, end: start + raw.slice(start, end).trimEnd().length })
    if (raw[end] !== delimiter) return spans
    at = end + 1
  }
}

function afterComments(raw: string): number {
  let at = 0
  while (raw[at] === '#') {
    const lineEnd = raw.indexOf('\n', at)
    if (lineEnd < 0) return raw.length
    at = lineEnd + 1
  }
  return at
}

function endOfQuoted(raw: string, open: number): number {
  let at = open + 1
  while (at < raw.length) {
    if (raw[at] === '"' && raw[at + 1] !== '"') return at + 1
    at += raw[at] === '"' ? 2 : 1
  }
  return raw.length
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}
