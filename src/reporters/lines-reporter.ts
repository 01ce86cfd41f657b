import { performance } from 'node:perf_hooks'
import { formatEstimate } from './duration.ts'
import { News } from './news.ts'
import { Progress, type JobProgress } from './progress.ts'
import type { Reporter, ReporterOptions, SetTimer } from './reporter-types.ts'
import { Results } from './results.ts'

/** After so many milliseconds without a line, one says that the job still runs. */
const heartbeat = 30_000

/** For logs and pipes: a line for each job, and a sign of life in between. */
export function createLinesReporter({
  stdout,
  stderr,
  color,
  print,
  now = () => performance.now(),
  setTimer = unrefTimer,
}: ReporterOptions): Reporter {
  const news = new News(color)
  const results = new Results(print)
  const progress = new Progress()
  let cancelTimer = (): void => {}

  function show(lines: readonly string[]): void {
    if (lines.length === 0) return
    for (const line of lines) stderr.write(`${line}\n`)
    restart()
  }

  function restart(): void {
    cancelTimer()
    cancelTimer = setTimer(() => {
      const job = progress.current
      if (job) show([news.prefix(job.job) + signOfLife(job, now())])
      else restart()
    }, heartbeat)
  }

  return {
    sink(event) {
      progress.apply(event, now())
      const result = results.tell(event)
      if (result !== undefined) stdout.write(result)
      show(news.tell(event))
      if (event.type === 'run-started') restart()
    },
    close() {
      cancelTimer()
    },
  }
}

/** `running  a-fox_1  node 4/7 KSampler  step 12/20  35 s` */
function signOfLife({ name, state, ahead, startedAt, ...job }: JobProgress, now: number): string {
  if (state === 'waiting') return `waiting  ${name}${ahead === undefined ? '' : `  ${ahead} ahead`}`
  const parts = [
    `running  ${name}`,
    `node ${job.nodesDone}/${job.nodes}${job.node === undefined ? '' : ` ${job.node}`}`,
    ...(job.steps ? [`step ${job.steps.step}/${job.steps.steps}`] : []),
    ...(startedAt === undefined ? [] : [formatEstimate((now - startedAt) / 1000)]),
  ]
  return parts.join('  ')
}

const unrefTimer: SetTimer = (callback, milliseconds) => {
  const timer = setTimeout(callback, milliseconds)
  timer.unref()
  return () => clearTimeout(timer)
}
