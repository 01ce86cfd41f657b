import { formatEstimate } from './duration.ts'
import type { JobProgress, Progress, Steps } from './progress.ts'
import { barLine, fitted, type FrameOptions } from './bars-line.ts'
import { serverLines } from './bars-servers.ts'

/**
 * The lines of the display as they are now: all jobs (in a run of several), then with one server the nodes of the
 * current job and the steps of its sampler, with several a line for each server. Always as many lines for one run, some of them empty; none as wide as the terminal.
 */
export function frame(progress: Progress, options: FrameOptions): string[] {
  if (progress.servers.length > 1) return [jobsLine(progress, options), ...serverLines(progress, options)]
  const { current } = progress
  return [
    ...(progress.jobs > 1 ? [jobsLine(progress, options)] : []),
    current ? nodesLine(current, options) : fitted(progress.isConnected ? '' : 'connecting', options.columns),
    current?.steps ? stepsLine(current.steps, options) : '',
  ]
}

function jobsLine(progress: Progress, options: FrameOptions): string {
  const { jobs, ended, failed, filesFound } = progress
  if (filesFound !== undefined) return barLine('jobs', filesFound, jobs, options, ['looking for their files'])
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

/** Slow steps are told as seconds per step, as ComfyUI's own log does. */
function formatRate(rate: number): string {
  return rate >= 1 ? `${rate.toFixed(1)} it/s` : `${(1 / rate).toFixed(1)} s/it`
}
