import { barLine, fitted, type FrameOptions } from './bars-line.ts'
import type { JobProgress, Progress } from './progress.ts'
import { textWidth } from './text-width.ts'

/** More servers than this share one line. */
const mostLines = 12
const widestName = 24

/** A line for each server: what it works on. Always as many for one run. */
export function serverLines(progress: Progress, options: FrameOptions): string[] {
  const isMany = progress.servers.length > mostLines
  const shown = isMany ? progress.servers.slice(0, mostLines - 1) : progress.servers
  const width = Math.min(widestName, Math.max(...shown.map((server) => textWidth(shortName(server))))) + 2
  const lines = shown.map((server) => serverLine(server, progress, options, width))
  return isMany ? [...lines, othersLine(progress.servers.slice(shown.length), progress, options)] : lines
}

function serverLine(server: string, progress: Progress, options: FrameOptions, width: number): string {
  const label = shortName(server).slice(0, widestName).padEnd(width)
  const job = progress.currentOn(server)
  if (progress.away.has(server)) return fitted(`${label}away`, options.columns)
  if (!job) return fitted(`${label}idle`, options.columns)
  if (job.state === 'waiting') return fitted(`${label}${job.name}  waiting`, options.columns)
  const { done, total } = stepsOrNodes(job)
  return barLine(label, done, total, options, [...(job.node ? [job.node] : []), job.name], width)
}

function othersLine(servers: readonly string[], progress: Progress, { columns }: FrameOptions): string {
  const away = servers.filter((server) => progress.away.has(server)).length
  const working = servers.filter((server) => progress.currentOn(server)?.state === 'running').length
  return fitted(`and ${servers.length} more: ${working} working${away > 0 ? `, ${away} away` : ''}`, columns)
}

/** The steps of the sampler while one runs, else the nodes. */
function stepsOrNodes({ steps, nodes, nodesDone }: JobProgress): { done: number; total: number } {
  return steps ? { done: steps.step, total: steps.steps } : { done: nodesDone, total: nodes }
}

/** Without the scheme, which is the same for most. */
function shortName(server: string): string {
  return server.replace(/^https?:\/\//, '')
}
