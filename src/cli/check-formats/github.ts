import { annotation } from '../../reporters/annotations.ts'
import { problemsOf, type CheckReport } from './checked-file.ts'

/** Workflow commands of GitHub Actions, which shows each problem at its line of the file. */
export function asGithub(report: CheckReport): string {
  const workspace = process.env['GITHUB_WORKSPACE']
  return problemsOf(report)
    .map(({ severity, code, message, details = [], hint, where }) => {
      const lines = [message, ...details, ...(hint === undefined ? [] : [`hint: ${hint}`])]
      return `${annotation({ level: severity, title: `comfy-run: ${code}`, message: lines.join('\n'), where }, workspace)}\n`
    })
    .join('')
}
