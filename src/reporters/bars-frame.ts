import type { ChalkInstance } from 'chalk'
import { formatEstimate } from './duration.ts'
import type { JobProgress, Progress, Steps } from './progress.ts'
import { cutToWidth, textWidth } from './text-width.ts'

/** What a frame is drawn for. */
export interface FrameOptions {
  /** By the clock of `progress`. */
  readonly now: number
  /** The terminal's width. */
  readonly columns: number
  readonly paint: ChalkInstance
}

const narrowestBar = 8
const widestBar = 30
/** What the words beside a bar need at least; a narrower terminal gets no bars. */
const roomForWords = 30

/**
 * The lines of the display as they are now: all jobs (in a run of several), nodes of the current job, steps of its
 * sampler. Always as many lines for one run, some of them empty; none as wide as the terminal.
 */
export function frame(progress: Progress, options: FrameOptions): string[] {
  const { current } = progress
  return [
    ...(progress.jobs > 1 ? [jobsLine(progress, options)] : []),
    current ? nodesLine(current, options) : fitted(progress.isConnected ? '' : 'connecting', options.columns),
    current?.steps ? stepsLine(current.steps, options) : '',
  ]
}

function jobsLine(progress: Progress, options: FrameOptions): string {
  const { jobs, ended, failed } = progress
  const left = ended < jobs ? progress.secondsLeft(options.now) : undefined
  return barLine('jobs', ended, jobs, options, [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(left === undefined ? [] : [`${formatEstimate(left)} left`]),
  ])
}

function nodesLine(job: JobProgress, options: FrameOptions): string {
  const { name, nodes, nodesDone, node, text } = job
  if (job.state === 'waiting') {
    const ahead = job.ahead ? `, ${job.ahead} ahead` : ''
    return fitted(`${name}  waiting${ahead}`, options.columns)
  }
  const isDone = nodesDone >= nodes
  const activity = isDone ? 'fetching files' : [node, text].filter((part) => part).join(': ')
  return barLine('nodes', nodesDone, nodes, options, [...(activity ? [activity] : []), name])
}

function stepsLine({ step, steps, rate, at }: Steps, options: FrameOptions): string {
  const parts: string[] = []
  if (rate !== undefined && rate > 0) {
    const left = (steps - step) / rate - (options.now - at) / 1000
    parts.push(formatRate(rate), `${formatEstimate(Math.ceil(Math.max(0, left)))} left`)
  }
  return barLine('steps', step, steps, options, parts)
}

function barLine(
  label: string,
  value: number,
  total: number,
  { columns, paint }: FrameOptions,
  parts: readonly string[],
): string {
  const width = Math.min(widestBar, columns - roomForWords)
  const share = total > 0 ? Math.min(1, value / total) : 0
  const head = label.padEnd(6)
  const words = [`${value}/${total}`, ...parts].join('  ')
  if (width < narrowestBar) return fitted(`${head}${words}`, columns)
  const full = Math.floor(share * width)
  const bar = `${paint.cyan('█'.repeat(full))}${paint.dim('░'.repeat(width - full))}`
  return `${head}${bar}  ${fitted(words, columns - textWidth(head) - width - 2)}`
}

/** One column is left free: some terminals begin a new line when the last one is filled. */
function fitted(text: string, columns: number): string {
  return cutToWidth(text, columns - 1)
}

/** Slow steps are told as seconds per step, as ComfyUI's own log does. */
function formatRate(rate: number): string {
  return rate >= 1 ? `${rate.toFixed(1)} it/s` : `${(1 / rate).toFixed(1)} s/it`
}
