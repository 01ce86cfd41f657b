import { isJsonArray, isJsonObject, type JsonValue } from '../../protocol/json.ts'
import { json, type Answer } from '../answer.ts'
import {
  createdAt,
  durationOf,
  endedJob,
  jobStatuses,
  workflowIdOf,
  writeJob,
  writeJobInFull,
  type Job,
} from '../jobs.ts'
import type { Request, Route } from '../router.ts'
import type { ServerState } from '../state.ts'
import { isUuid } from '../uuid.ts'
import { jsonBody } from './json-body.ts'

/** `/api/jobs`: the same prompts as queue and history, in one shape. Not there without the prefix. */
export function jobRoutes(state: ServerState): Route[] {
  return [
    { method: 'GET', path: '/api/jobs', handle: (request) => listJobs(request, state) },
    {
      method: 'GET',
      path: '/api/jobs/:id',
      handle: ({ parameters }) => {
        const job = allJobs(state).find(({ item }) => item.promptId === parameters.id)
        return job ? json(writeJobInFull(job)) : json({ error: 'Job not found' }, 404)
      },
    },
    {
      method: 'POST',
      path: '/api/jobs/:id/cancel',
      handle: ({ parameters: { id = '' } }) => json({ cancelled: cancel(id, state) }),
    },
    { method: 'POST', path: '/api/jobs/cancel', handle: (request) => cancelMany(request, state) },
  ]
}

/** What runs, what waits, what has ended: the first that fits is the job of an id. */
function allJobs({ queue, history }: ServerState): Job[] {
  return [
    ...(queue.running ? [{ item: queue.running, status: 'in_progress' } as const] : []),
    ...queue.pending.map((item) => ({ item, status: 'pending' }) as const),
    ...history.entries.map(endedJob),
  ]
}

function listJobs({ query }: Request, state: ServerState): Answer {
  const wanted = query.get('status')?.split(',').filter(Boolean)
  const unknown = wanted?.filter((status) => !jobStatuses.some((known) => known === status)) ?? []
  if (unknown.length > 0) {
    const valid = `Valid values: ${jobStatuses.join(', ')}`
    return badRequest(`Invalid status value(s): ${unknown.join(', ')}. ${valid}`)
  }
  const sortBy = query.get('sort_by') ?? 'created_at'
  if (sortBy !== 'created_at' && sortBy !== 'execution_duration') {
    return badRequest('sort_by must be one of: created_at, execution_duration')
  }
  const sortOrder = query.get('sort_order') ?? 'desc'
  if (sortOrder !== 'asc' && sortOrder !== 'desc') return badRequest('sort_order must be one of: asc, desc')
  const limit = integer(query.get('limit'))
  if (limit !== undefined && !(limit > 0)) return badRequest('limit must be a positive integer')
  const offset = integer(query.get('offset')) ?? 0
  if (!(offset >= 0)) return badRequest('offset must be a non-negative integer')

  const workflow = query.get('workflow_id')
  const jobs = allJobs(state)
    .filter(({ status }) => wanted === undefined || wanted.includes(status))
    .filter((job) => workflow === null || workflowIdOf(job) === workflow)
  const measure = sortBy === 'created_at' ? createdAt : durationOf
  const direction = sortOrder === 'asc' ? 1 : -1
  jobs.sort((a, b) => direction * (measure(a) - measure(b)))
  const page = jobs.slice(offset, limit === undefined ? undefined : offset + limit)
  const hasMore = offset + page.length < jobs.length
  return json({
    jobs: page.map(writeJob),
    pagination: { offset, limit: limit ?? null, total: jobs.length, has_more: hasMore },
  })
}

function cancelMany(request: Request, state: ServerState): Answer {
  let body: JsonValue
  try {
    body = jsonBody(request)
  } catch {
    return badRequest('Request body must be valid JSON')
  }
  const ids = isJsonObject(body) ? body.job_ids : undefined
  if (!isJsonArray(ids)) return badRequest('job_ids must be a list')
  const valid = ids.filter(isUuid)
  if (valid.length < ids.length) {
    const invalid = ids.filter((id) => !isUuid(id))
    return json({ error: 'job_ids contains invalid id(s)', invalid_ids: invalid }, 400)
  }
  const cancelled = valid.map((id) => cancel(id, state))
  return json({ cancelled: cancelled.includes(true) })
}

/** Takes a waiting job out of the queue, or stops it if it runs. False if it does neither. */
function cancel(id: string, { queue, worker }: ServerState): boolean {
  return queue.remove(id) || worker.interrupt(id)
}

function integer(text: string | null): number | undefined {
  if (text === null) return undefined
  return /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
}

function badRequest(error: string): Answer {
  return json({ error }, 400)
}
