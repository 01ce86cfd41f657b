import type { RunFinished } from '../events.ts'
import type { Causes } from './causes.ts'
import { cleanLine } from './clean-text.ts'
import { formatDuration } from './duration.ts'

const mostCauses = 50
/** In characters. */
const longestText = 500

/** A run in Markdown, for GitHub's page of the workflow run: how its jobs ended, and the failures by cause. */
export function jobSummary(finished: RunFinished, causes: Causes): string {
  const { jobs, done, failed, cancelled, skipped, notRun, files, seconds, exitCode, error } = finished
  const counts: [string, number | string][] = [
    ['done', done],
    ['failed', failed],
    ['cancelled', cancelled],
    ['settled by an earlier run', skipped],
    ['not run', notRun],
    ['files', files],
    ['time', formatDuration(seconds)],
    ['exit code', exitCode],
  ]
  // Zeros are left out, but never those that say whether it went well.
  const shown = counts.filter(
    ([name, count]) => count !== 0 || ['done', 'failed', 'exit code'].includes(name),
  )
  return [
    `### comfy-run: ${exitCode === 0 ? 'all done' : 'not all done'} (${jobs} ${jobs === 1 ? 'job' : 'jobs'})`,
    '',
    ...table(
      ['jobs', ''],
      shown.map(([name, count]) => [name, String(count)]),
    ),
    ...(error ? [`The run ended early: ${plain(error.message)} (${plain(error.code)})`, ''] : []),
    ...causeTable(causes),
    '',
  ].join('\n')
}

function causeTable(causes: Causes): string[] {
  const list = causes.list()
  if (list.length === 0) return []
  const rows = list
    .slice(0, mostCauses)
    .map(({ jobs, message, code = '', which }) => [String(jobs), plain(message), plain(code), plain(which)])
  const rest = list.slice(mostCauses).reduce((sum, { jobs }) => sum + jobs, causes.others)
  const last = rest === 0 ? [] : [[String(rest), 'other causes', '', '']]
  return table(['failed jobs', 'cause', 'code', 'rows'], [...rows, ...last])
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line), '']
}

/** Text as a table's cell: on one line, not too long, and nothing in it is Markdown, HTML, a link or a mention. */
function plain(text: string): string {
  const characters = Array.from(cleanLine(text))
  const cut = characters.length > longestText ? [...characters.slice(0, longestText), '…'] : characters
  return cut.join('').replaceAll(/[\\`*_{}[\]<>()#|~&!$@:]/g, String.raw`\$&`)
}
