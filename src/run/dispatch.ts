import type { ComfyServer } from '../comfy/server.ts'
import type { ComfyRunError, ErrorCode } from '../errors.ts'
import type { Job } from '../plan/job.ts'
import { runJob } from './job.ts'
import { settle } from './journal/settled.ts'
import type { PendingPrompt } from './on-server.ts'
import type { RunOptions } from './options.ts'
import { Slots } from './slots.ts'
import type { Tally } from './tally.ts'

/** One prompt runs and one waits: the server is never idle, and little is lost if it goes away. */
const promptsOnServer = 2
/** Jobs whose files are being fetched while the server works on the next ones. */
const jobsBeingSaved = 4

/** Errors that the next job would meet as well. */
const fatalCodes = new Set<ErrorCode>(['server-unreachable', 'server-refused', 'not-comfyui', 'disk-failed'])

/**
 * Runs jobs on one server, in order. One job's failure does not stop the others; an error that every other job
 * would meet too ends the run and is returned. A stop is obeyed: nothing new is begun.
 */
export async function dispatch(
  server: ComfyServer,
  options: RunOptions,
  tally: Tally,
): Promise<ComfyRunError | undefined> {
  const onServer = new Slots(promptsOnServer)
  const inHand = new Slots(promptsOnServer + jobsBeingSaved)
  const running = new Set<Promise<void>>()
  let fatal: ComfyRunError | undefined
  const carry = async (job: Job, release: () => void, pending?: PendingPrompt): Promise<void> => {
    const { finished, error } = await runJob(server, job, options, release, pending)
    release()
    tally.add(finished)
    options.sink(finished)
    if (error && fatalCodes.has(error.code)) fatal ??= error
  }
  for await (const job of options.jobs) {
    const settlement = await settle(options.journal?.entryOf(job), options.out, {
      ...options.resume,
      rehearsal: server.capabilities.rehearsal,
    })
    if (settlement.action === 'skip') {
      const { reason, files } = settlement
      tally.skip(reason)
      options.sink({ type: 'job-skipped', job: job.index, name: job.name, reason, files })
      continue
    }
    const leaveHand = await inHand.take()
    const leaveServer = await onServer.take()
    if (fatal || (options.stop && options.stop.level !== 'go')) break
    const pending = settlement.action === 'look-up' ? settlement : undefined
    const carried = carry(job, leaveServer, pending).finally(() => {
      leaveHand()
      running.delete(carried)
    })
    running.add(carried)
  }
  await Promise.all(running)
  return fatal
}
