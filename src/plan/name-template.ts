import type { Where } from '../errors.ts'
import { parseTemplate, type Template, type TemplateKind } from '../templates.ts'
import { roleNames } from '../workflow/roles.ts'

/** Placeholders for the values of a row's columns begin so. */
const columnStart = 'row.'

const nameTemplates: TemplateKind = {
  what: 'name template',
  names: ['index', 'copy', 'date', 'workflow', ...roleNames],
  open: { start: columnStart, text: 'row.x for column x' },
}

/**
 * Parses a template of names such as `{index:04}-{prompt:40}_{seed|no-seed}`. `{row.x}` is the value that the row has in
 * column `row.x` or `x`. Throws ComfyRunError `bad-option` as `parseTemplate` does.
 */
export function parseNameTemplate(template: string, where?: Where): Template {
  return parseTemplate(template, nameTemplates, where)
}

/** The columns that a template uses as `{row.x}`, each on a line of its own. */
export function columnsUsed(template: Template): string {
  let columns = ''
  for (const part of template) {
    if (typeof part !== 'string' && part.name.startsWith(columnStart))
      columns += `${part.name.slice(columnStart.length)}\n`
  }
  return columns
}
