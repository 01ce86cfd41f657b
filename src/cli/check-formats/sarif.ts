import { pathToFileURL } from 'node:url'
import { isAbsolute } from 'node:path'
import type { Where } from '../../errors.ts'
import { stringifyJson } from '../../protocol/json.ts'
import { cleanJson } from '../../reporters/clean-text.ts'
import { version } from '../../version.ts'
import { problemsOf, type CheckReport, type Problem } from './checked-file.ts'

const schema = 'https://json.schemastore.org/sarif-2.1.0.json'

/** SARIF 2.1.0 (OASIS), as code scanning takes it: a result for each problem, a rule for each code that occurs. */
export function asSarif(report: CheckReport): string {
  const problems = problemsOf(report)
  const codes = [...new Set(problems.map(({ code }) => code))].sort()
  const driver = { name: 'comfy-run', version, rules: codes.map((id) => ({ id, name: id })) }
  const results = problems.map((problem) => resultOf(problem, codes.indexOf(problem.code)))
  const run = { tool: { driver }, columnKind: 'unicodeCodePoints', results }
  return `${cleanJson(stringifyJson({ $schema: schema, version: '2.1.0', runs: [run] }, 2))}\n`
}

function resultOf(problem: Problem, ruleIndex: number): object {
  const { code, severity, message, details = [], hint, where, node, input } = problem
  const text = [message, ...details, ...(hint === undefined ? [] : [`Hint: ${hint}`])].join('\n')
  const logicalName = node === undefined ? undefined : input === undefined ? node : `${node}.${input}`
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(where.file) }, ...regionOf(where) },
        ...(logicalName !== undefined && { logicalLocations: [{ fullyQualifiedName: logicalName }] }),
      },
    ],
  }
}

function regionOf({ line, column, length }: Where): object {
  if (line === undefined) return {}
  const columns = column === undefined ? {} : { startColumn: column, endColumn: column + (length ?? 1) }
  return { region: { startLine: line, ...columns } }
}

/** Relative paths stay relative: to the folder that the check ran in. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
}
