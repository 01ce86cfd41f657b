import { roleNames } from '../workflow/roles.ts'

/** The formats that jobs can come in. */
export type RowFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'yaml' | 'text'

/**
 * Finds the format of jobs that have no file name. `[` first is JSON; `{` is JSON or, if its first line is
 * complete in itself, JSON lines; a first line with a delimiter and a column that has a known name is CSV;
 * anything else is a list of prompts.
 */
export function sniffFormat(text: string): RowFormat {
  const start = text.trimStart()
  if (start.startsWith('[')) return 'json'
  if (start.startsWith('{')) return isJson(firstLine(start)) && !isJson(start) ? 'jsonl' : 'json'
  return isHeader(headerLine(text)) ? 'csv' : 'text'
}

function isHeader(line: string): boolean {
  const known = new Set<string>([...roleNames, 'name', 'count'])
  const names = line.split(/[,;\t]/).map((name) => name.trim().replaceAll('"', ''))
  return names.length > 1 ? names.some((name) => known.has(name)) : names[0] === 'prompt'
}

function headerLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
}

function firstLine(text: string): string {
  const end = text.indexOf('\n')
  return end < 0 ? text : text.slice(0, end)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
