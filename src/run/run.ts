import { performance } from 'node:perf_hooks'
import { connectServer, type ComfyServer } from '../comfy/server.ts'
import { asComfyRunError, errorData } from '../error-data.ts'
import { ComfyRunError } from '../errors.ts'
import { eventFormat, type RunFinished } from '../events.ts'
import { version } from '../version.ts'
import { dispatch } from './dispatch.ts'
import { limitExitCode } from './limits.ts'
import type { RunOptions } from './options.ts'
import { Stop } from './stop.ts'
import { Tally } from './tally.ts'

/**
 * Runs a plan: connects to the server, runs every job, and saves its files. What happens is told through
 * `options.sink`, from `run-started` to `run-finished`; the latter is also returned. Never throws.
 */
export async function runJobs(options: RunOptions): Promise<RunFinished> {
  const { sink, count, stop = new Stop() } = options
  const began = performance.now()
  const tally = new Tally(count)
  sink({ type: 'run-started', format: eventFormat, version, jobs: count, out: options.out })
  const release = stop.onRise(() => {
    // With no other job to come there is nothing to drain for: the user wants this one to end.
    if (stop.level === 'drain' && count === 1) return stop.raise('cancel', stop.reason, stop.exitCode)
    sink({ type: 'run-stopping', cancelling: stop.level === 'cancel', reason: stop.reason })
  })
  let fatal: ComfyRunError | undefined
  let isTold = false
  let isLimited = false
  try {
    const server = await connect(options, stop)
    try {
      const dispatched = await dispatch(server, { ...options, stop }, tally)
      fatal = dispatched.fatal
      isTold = fatal !== undefined
      isLimited = dispatched.isLimited
    } finally {
      await server.close()
    }
  } catch (thrown) {
    fatal = asComfyRunError(thrown)
  }
  release()
  const stopCode = stop.level === 'go' ? (isLimited ? limitExitCode : undefined) : stop.exitCode
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
    ...(fatal && !isTold && { error: errorData(fatal) }),
  }
  sink(finished)
  return finished
}

async function connect({ server: options, sink }: RunOptions, stop: Stop): Promise<ComfyServer> {
  let name = ''
  const connecting = connectServer({
    ...options,
    onLost: (reason) => sink({ type: 'server-lost', server: name, reason }),
    onRecovered: () => sink({ type: 'server-recovered', server: name }),
    onUploaded: (file, uploaded) => sink({ type: 'file-uploaded', server: name, file, ...uploaded }),
  })
  const server = await orStopped(connecting, stop)
  name = server.name
  const { version: comfyui, rehearsal } = server.capabilities
  sink({ type: 'server-connected', server: name, ...(comfyui && { comfyui }), rehearsal })
  return server
}

/** Waits for the connection, but no longer than until the run is stopped. */
async function orStopped(connecting: Promise<ComfyServer>, stop: Stop): Promise<ComfyServer> {
  let leave = (): void => {}
  const stopped = new Promise<never>((_, reject) => {
    const give = (): void => reject(new ComfyRunError('job-cancelled', 'the run was stopped'))
    leave = stop.onRise(give)
    if (stop.level !== 'go') give()
  })
  try {
    return await Promise.race([connecting, stopped])
  } catch (error) {
    // A connection that comes too late must not keep the process alive.
    connecting.then(async (server) => server.close()).catch(() => {})
    throw error
  } finally {
    leave()
  }
}
