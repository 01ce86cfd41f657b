import { formatError } from '../../reporters/error-text.ts'
import { useColor } from '../terminal.ts'
import { problemsOf, type CheckReport } from './checked-file.ts'

/** For people: each problem with its place underlined, then how many there are. */
export function asText(report: CheckReport): string {
  const color = useColor(process.stdout)
  const shown = problemsOf(report).map((problem) =>
    formatError(problem, { color, severity: problem.severity }),
  )
  return [...shown, ''].join('\n')
}

/** What the check came to, in one sentence. */
export function summaryOf(report: CheckReport): string {
  const { files, against } = report
  const problems = problemsOf(report)
  const workflows = files.length === 1 ? 'one workflow' : `${files.length} workflows`
  if (problems.length === 0) return `${workflows} checked against ${against}: nothing is wrong`
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const counts = [counted(errors, 'error'), counted(problems.length - errors, 'warning')].filter(Boolean)
  const faulty = files.filter((each) => each.problems.length > 0).length
  const where = files.length === 1 ? workflows : `${faulty} of ${workflows}`
  return `${counts.join(' and ')} in ${where}, checked against ${against}`
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : count === 1 ? `one ${what}` : `${count} ${what}s`
}
