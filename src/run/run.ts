import { performance } from 'node:perf_hooks'
import { parseServerAddress } from '../comfy/address.ts'
import type { ServerOptions } from '../comfy/server.ts'
import { asComfyRunError, errorData } from '../error-data.ts'
import { ComfyRunError } from '../errors.ts'
import { eventFormat, type RunFinished } from '../events.ts'
import { version } from '../version.ts'
import { dispatch, type Remaining } from './dispatch.ts'
import { limitExitCode } from './limits.ts'
import type { RunOptions } from './options.ts'
import { Pool } from './pool/pool.ts'
import { ServerFolder } from './server-folder.ts'
import { Stop } from './stop.ts'
import { Tally } from './tally.ts'

/**
 * Runs a plan: connects to the servers, runs every job, and saves its files. What happens is told through
 * `options.sink`, from `run-started` to `run-finished`; the latter is also returned. Never throws.
 */
export async function runJobs(options: RunOptions): Promise<RunFinished> {
  const { sink, count, stop = new Stop() } = options
  const began = performance.now()
  const tally = new Tally(count)
  sink({
    type: 'run-started',
    format: eventFormat,
    version,
    jobs: count,
    out: options.out,
    servers: namesOf(options.servers),
  })
  const release = stop.onRise(() => {
    // With no other job to come there is nothing to drain for: the user wants this one to end.
    if (stop.level === 'drain' && count === 1) return stop.raise('cancel', stop.reason, stop.exitCode)
    sink({ type: 'run-stopping', cancelling: stop.level === 'cancel', reason: stop.reason })
  })
  let fatal: ComfyRunError | undefined
  let isTold = false
  let isLimited = false
  let pool: Pool | undefined
  const remaining = { jobs: count }
  try {
    pool = await open(options, stop, remaining)
    const dispatched = await dispatch(
      pool,
      { ...options, stop, folder: new ServerFolder() },
      tally,
      remaining,
    )
    fatal = dispatched.fatal ?? pool.failure
    isTold = fatal !== undefined && tally.hasFailedWith(fatal.code)
    isLimited = dispatched.isLimited
  } catch (thrown) {
    fatal = asComfyRunError(thrown)
  }
  const servers = pool?.report() ?? []
  await pool?.close()
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
    servers,
    // An error that a job has met was told as that job's.
    ...(fatal && !isTold && { error: errorData(fatal) }),
  }
  sink(finished)
  return finished
}

/** Connects to the servers, but waits no longer than until the run is stopped. */
async function open(
  { servers, sink, patience }: RunOptions,
  stop: Stop,
  remaining: Remaining,
): Promise<Pool> {
  const opening = Pool.open({
    servers: servers.map((server) => withPatience(server, patience)),
    sink,
    ...(patience !== undefined && { patience: patience * 1000 }),
    remaining: () => remaining.jobs,
  })
  let leave = (): void => {}
  const stopped = new Promise<never>((_, reject) => {
    const give = (): void => reject(new ComfyRunError('job-cancelled', 'the run was stopped'))
    leave = stop.onRise(give)
    if (stop.level !== 'go') give()
  })
  try {
    return await Promise.race([opening, stopped])
  } catch (error) {
    // Connections that come too late must not keep the process alive.
    opening.then(async (pool) => pool.close()).catch(() => {})
    throw error
  } finally {
    leave()
  }
}

function withPatience(server: ServerOptions, patience: number | undefined): ServerOptions {
  return patience === undefined ? server : { ...server, pace: { ...server.pace, patience: patience * 1000 } }
}

/** What messages call the servers; none if one has no proper address, which is told when it is connected to. */
function namesOf(servers: readonly ServerOptions[]): string[] {
  try {
    return servers.map(({ url }) => parseServerAddress(url).name)
  } catch {
    return []
  }
}
