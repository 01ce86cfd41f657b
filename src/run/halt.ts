import { ComfyRunError } from '../errors.ts'
import type { StopLevel } from './stop.ts'

/** How the jobs of a run have ended so far. */
export interface HaltCounts {
  readonly done: number
  /** Failed for good, in this run: those that are still to be tried again do not count. */
  readonly failed: number
  /** All jobs of the plan. */
  readonly jobs: number
}

/** When failures end a run. */
export interface HaltRule {
  /** As the user wrote it: `soon,fail=3`. */
  readonly text: string
  /** No failure ends the run. */
  readonly isNever: boolean
  /**
   * What the failures so far call for: `drain` (begin nothing new, finish what runs), `cancel` (also end what runs),
   * or `go`. A percentage is one of the plan's jobs, and calls for nothing before `fewestEnded` jobs have ended (or
   * all, if there are fewer).
   */
  decide(counts: HaltCounts): StopLevel
}

/** One early failure of a small plan is a large percentage, and tells little. */
const fewestEnded = 3

const pattern = /^(soon|now)\s*,\s*fail\s*=\s*(\d+(?:\.\d+)?)(%?)$/i

/**
 * Reads `never`, `soon,fail=N`, `soon,fail=N%`, `now,fail=N` or `now,fail=N%`: `soon` drains, `now` cancels. N is a
 * whole number from 1 on, or a percentage above 0 and up to 100. Throws `bad-option`.
 */
export function parseHalt(text: string): HaltRule {
  const trimmed = text.trim()
  if (trimmed.toLowerCase() === 'never') return { text: trimmed, isNever: true, decide: () => 'go' }
  const [, when = '', digits = '', percent] = pattern.exec(trimmed) ?? []
  const limit = Number(digits)
  const action = when.toLowerCase() === 'now' ? 'cancel' : 'drain'
  if (percent && limit > 0 && limit <= 100) {
    const isOver = ({ done, failed, jobs }: HaltCounts): boolean =>
      failed > 0 && done + failed >= Math.min(fewestEnded, jobs) && failed * 100 >= limit * jobs
    return { text: trimmed, isNever: false, decide: (counts) => (isOver(counts) ? action : 'go') }
  }
  if (percent === '' && limit >= 1 && Number.isSafeInteger(limit)) {
    return { text: trimmed, isNever: false, decide: ({ failed }) => (failed >= limit ? action : 'go') }
  }
  throw new ComfyRunError(
    'bad-option',
    `--halt wants never, soon,fail=N or now,fail=N (or N%), not "${text}"`,
    {
      hint: 'for example --halt soon,fail=3 (begin nothing new after 3 failures) or --halt now,fail=10%',
    },
  )
}
