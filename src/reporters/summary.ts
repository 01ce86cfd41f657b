import type { JobFinished, RunFinished } from '../events.ts'
import { cleanLine } from './clean-text.ts'
import { formatDuration } from './duration.ts'

const mostKinds = 10
const mostNames = 3

/** Collects how the jobs of a run end, to sum up at its end. */
export class Summary {
  /** Names of failed jobs, by message. */
  readonly #failures = new Map<string, string[]>()

  add({ name, status, error }: JobFinished): void {
    if (status !== 'failed' && status !== 'lost') return
    const message = cleanLine(error?.message ?? status)
    const names = this.#failures.get(message)
    if (names) names.push(name)
    else this.#failures.set(message, [name])
  }

  /** The summary of a run of several jobs; nothing for a single one, whose own line says it all. */
  lines({ jobs, done, failed, cancelled, skipped, notRun, files, seconds }: RunFinished): string[] {
    if (jobs === 1) return []
    const counts = [
      `${done} done`,
      ...(skipped > 0 ? [`${skipped} settled before`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
      ...(notRun > 0 ? [`${notRun} not run`] : []),
    ]
    const total = `${jobs} jobs: ${counts.join(', ')}; ${files} ${files === 1 ? 'file' : 'files'}; ${formatDuration(seconds)}`
    return [total, ...this.#failureLines()]
  }

  /** The commonest failures first. */
  #failureLines(): string[] {
    const kinds = Array.from(this.#failures).sort(([, a], [, b]) => b.length - a.length)
    const lines = kinds
      .slice(0, mostKinds)
      .map(([message, names]) => `  ${names.length} failed: ${message} (${someOf(names)})`)
    const rest = kinds.slice(mostKinds)
    if (rest.length === 0) return lines
    const jobs = rest.reduce((sum, [, names]) => sum + names.length, 0)
    return [...lines, `  ${jobs} failed for ${rest.length} other reasons`]
  }
}

function someOf(names: readonly string[]): string {
  const more = names.length - mostNames
  return names.slice(0, mostNames).join(', ') + (more > 0 ? `, and ${more} more` : '')
}
