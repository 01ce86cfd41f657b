import type { JobFinished, RunEvent, RunFinished } from '../../src/events.ts'
import type { OutputStream } from '../../src/reporters/reporter-types.ts'

/** The begin of a run. */
export function started(jobs: number, servers: readonly string[] = ['http://gpu']): RunEvent {
  return { type: 'run-started', format: 1, version: '0.1.0', jobs, out: 'out', servers }
}

/** A job on its way, up to the step of its sampler. It needs four nodes, of which one is cached. */
export function sampling(job: number, step: number, server = 'http://gpu'): RunEvent[] {
  return [
    { type: 'job-submitted', job, name: `fox_${job}`, server, promptId: `p${job}`, nodes: 4 },
    { type: 'job-started', job },
    { type: 'nodes-cached', job, nodes: ['4'] },
    { type: 'node-started', job, node: '6', classType: 'CLIPTextEncode', title: 'Positive' },
    { type: 'node-finished', job, node: '6' },
    { type: 'node-started', job, node: '3', classType: 'KSampler', title: 'KSampler' },
    { type: 'sampler-step', job, node: '3', step, steps: 20 },
  ]
}

/** A saved result. */
export function saved(job: number, path = `out/fox_${job}.png`): RunEvent {
  return { type: 'file-saved', job, kind: 'output', path, bytes: 9, sha256: 'ab', node: '9' }
}

/** The end of a job, done unless said otherwise. */
export function finished(job: number, changes: Partial<JobFinished> = {}): JobFinished {
  const isDone = (changes.status ?? 'done') === 'done'
  return {
    type: 'job-finished',
    job,
    name: `fox_${job}`,
    status: 'done',
    seconds: 12.34,
    cached: false,
    files: isDone ? [`out/fox_${job}.png`] : [],
    ...changes,
  }
}

/** The end of a run, in which all is done unless said otherwise. */
export function ended(jobs: number, changes: Partial<RunFinished> = {}): RunFinished {
  return {
    type: 'run-finished',
    exitCode: 0,
    jobs,
    done: jobs,
    failed: 0,
    cancelled: 0,
    skipped: 0,
    notRun: 0,
    files: jobs,
    seconds: 250,
    servers: [],
    ...changes,
  }
}

/** Keeps what is written. */
export class FakeStream implements OutputStream {
  text = ''

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1)
  }

  write(text: string): boolean {
    this.text += text
    return true
  }
}
