import assert from 'node:assert/strict'
import { runBinary } from '../rig/comfy-run.ts'
import { markdown, median, sum } from '../rig/figures.ts'
import type { BenchOptions } from '../rig/options.ts'
import { postAll } from '../rig/post-all.ts'
import { serveProcess } from '../rig/serve.ts'
import { gaps, graphsAnew, promptTimes, type PromptTimes } from '../rig/times.ts'
import { promptsFolder } from '../rig/work.ts'

interface Round {
  /** The sum of the server's own times, in seconds. */
  readonly work: number
  /** From the first submission to the last file, in seconds. */
  readonly jobSeconds: number
  /** The whole command's, in seconds. */
  readonly seconds: number
  /** In milliseconds. */
  readonly idle: number
  /** The same jobs, posted at once: until the queue is empty, by the sum of the server's own times for them. */
  readonly atOnce: number
}

/** Jobs of about a second: the time of a batch beside the sum of the server's own times, and beside what is reached at best. */
export async function realJobs(options: BenchOptions): Promise<string> {
  const { quick, rounds, server } = options
  const jobs = quick ? 3 : 20
  const embedded = await serveProcess(['--step-time', quick ? '5' : '100'])
  const rows = [await row(`${jobs} jobs that wait, on the embedded server`, embedded.url, jobs, rounds, 10)]
  await embedded.stop()
  if (server !== undefined) {
    const steps = quick ? 1 : await stepsOfASecond(server)
    rows.push(await row(`${jobs} jobs of ${steps} steps, on a real ComfyUI`, server, jobs, rounds, steps))
  }
  return [
    `Medians of ${rounds} rounds:`,
    markdown(
      [
        '',
        'a job, by the server',
        'all jobs / the sum of these',
        'posted at once / the sum',
        'comfy-run / posted at once',
        'the whole command / the sum',
        'idle between jobs, in all',
      ],
      rows,
    ),
  ].join('\n\n')
}

async function row(
  what: string,
  url: string,
  jobs: number,
  rounds: number,
  steps: number,
): Promise<string[]> {
  const all: Round[] = []
  for (let round = 0; round < rounds; round += 1) all.push(await measure(url, jobs, steps))
  const middle = (of: (round: Round) => number): number => median(all.map(of))
  return [
    what,
    `${middle(({ work }) => work / jobs).toFixed(2)} s`,
    middle(({ jobSeconds, work }) => jobSeconds / work).toFixed(4),
    middle(({ atOnce }) => atOnce).toFixed(4),
    middle(({ jobSeconds, work, atOnce }) => jobSeconds / work / atOnce).toFixed(4),
    middle(({ seconds, work }) => seconds / work).toFixed(4),
    `${middle(({ idle }) => idle).toFixed(0)} ms`,
  ]
}

async function measure(url: string, jobs: number, steps: number): Promise<Round> {
  const { run, times } = await runPrompts(url, jobs, steps)
  const work = sumOf(times)
  const graphs = await graphsAnew(url, jobs)
  const began = performance.now()
  await postAll(url, graphs)
  const atOnce = (performance.now() - began) / 1000 / sumOf(await promptTimes(url, jobs))
  return { work, jobSeconds: run.jobSeconds, seconds: run.seconds, idle: sum(gaps(times)), atOnce }
}

/** In seconds. */
function sumOf(times: readonly PromptTimes[]): number {
  return sum(times.map(({ start, end }) => (end - start) / 1000))
}

async function runPrompts(url: string, jobs: number, steps: number) {
  const folder = promptsFolder(jobs)
  const settings = ['--steps', String(steps), '--size', '64x64', '--model', await firstCheckpoint(url)]
  const run = await runBinary(['batch', 'shots.csv', ...settings, '-o', 'out', '--server', url], folder)
  assert.equal(run.done, jobs)
  const times: PromptTimes[] = await promptTimes(url, jobs)
  return { run, times }
}

/** Also loads the model, which no figure shall have in it. */
async function stepsOfASecond(url: string): Promise<number> {
  const secondsOf = async (steps: number): Promise<number> => {
    const { times } = await runPrompts(url, 4, steps)
    return median(times.slice(1).map(({ start, end }) => (end - start) / 1000))
  }
  const [few, many] = [1, 11]
  const least = await secondsOf(few)
  const step = ((await secondsOf(many)) - least) / (many - few)
  return Math.max(few, Math.round(few + (1 - least) / step))
}

async function firstCheckpoint(url: string): Promise<string> {
  const answer = await fetch(`${url}/object_info/CheckpointLoaderSimple`)
  const { CheckpointLoaderSimple: node } = (await answer.json()) as {
    CheckpointLoaderSimple: { input: { required: { ckpt_name: [string[]] } } }
  }
  const [checkpoint = ''] = node.input.required.ckpt_name[0]
  return checkpoint
}
