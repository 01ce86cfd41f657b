import { performance } from 'node:perf_hooks'
import { connectServer, type ComfyServer } from '../comfy/server.ts'
import { asComfyRunError, errorData } from '../error-data.ts'
import { ComfyRunError } from '../errors.ts'
import { eventFormat, type RunFinished } from '../events.ts'
import { version } from '../version.ts'
import { dispatch } from './dispatch.ts'
import type { RunOptions } from './options.ts'
import { Tally } from './tally.ts'

/**
 * Runs a plan: connects to the server, runs every job, and saves its files. What happens is told through
 * `options.sink`, from `run-started` to `run-finished`; the latter is also returned. Never throws.
 */
export async function runJobs(options: RunOptions): Promise<RunFinished> {
  const { sink, stop, count } = options
  const began = performance.now()
  const tally = new Tally(count)
  sink({ type: 'run-started', format: eventFormat, version, jobs: count, out: options.out })
  const release = stop?.onRise(() => {
    // With no other job to come there is nothing to drain for: the user wants this one to end.
    if (stop.level === 'drain' && count === 1) return stop.raise('cancel', stop.reason, stop.exitCode)
    sink({ type: 'run-stopping', cancelling: stop.level === 'cancel', reason: stop.reason })
  })
  let fatal: ComfyRunError | undefined
  let toldElsewhere = false
  try {
    const server = await connect(options)
    try {
      fatal = await dispatch(server, options, tally)
      toldElsewhere = fatal !== undefined
    } finally {
      await server.close()
    }
  } catch (thrown) {
    fatal = asComfyRunError(thrown)
  }
  release?.()
  const stopCode = stop && stop.level !== 'go' ? stop.exitCode : undefined
  const finished: RunFinished = {
    type: 'run-finished',
    exitCode: tally.exitCode(stopCode, fatal),
    jobs: count,
    done: tally.done,
    failed: tally.failed,
    cancelled: tally.cancelled,
    skipped: tally.skipped,
    notRun: tally.notRun,
    files: tally.files,
    seconds: (performance.now() - began) / 1000,
    // An error that a job has met was told as that job's.
    ...(fatal && !toldElsewhere && { error: errorData(fatal) }),
  }
  sink(finished)
  return finished
}

async function connect({ server: options, sink, stop }: RunOptions): Promise<ComfyServer> {
  let name = ''
  const connecting = connectServer({
    ...options,
    onLost: (reason) => sink({ type: 'server-lost', server: name, reason }),
    onRecovered: () => sink({ type: 'server-recovered', server: name }),
    onUploaded: (file, uploaded) => sink({ type: 'file-uploaded', server: name, file, ...uploaded }),
  })
  const stopped = new Promise<never>((_, reject) => {
    stop?.onRise(() => reject(new ComfyRunError('job-cancelled', 'the run was stopped')))
  })
  stopped.catch(() => {})
  const server = await Promise.race([connecting, stopped])
  name = server.name
  const { version: comfyui, rehearsal } = server.capabilities
  sink({ type: 'server-connected', server: name, ...(comfyui && { comfyui }), rehearsal })
  return server
}
