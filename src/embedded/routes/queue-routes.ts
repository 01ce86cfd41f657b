import { isJsonArray, isJsonObject } from '../../protocol/json.ts'
import { empty, json } from '../answer.ts'
import { itemTuple } from '../item.ts'
import { parsePython } from '../python-json.ts'
import type { Route } from '../router.ts'
import type { ServerState } from '../state.ts'
import { jsonObjectBody } from './json-body.ts'

/** `GET /prompt`, `/queue`, `/interrupt` and `/free`: what waits and what runs. */
export function queueRoutes({ queue, worker }: ServerState): Route[] {
  return [
    {
      method: 'GET',
      path: '/prompt',
      handle: () => json({ exec_info: { queue_remaining: queue.remaining } }),
    },
    {
      method: 'GET',
      path: '/queue',
      handle: () =>
        json({
          queue_running: queue.running ? [itemTuple(queue.running)] : [],
          queue_pending: queue.pending.map(itemTuple),
        }),
    },
    {
      method: 'POST',
      path: '/queue',
      handle: (request) => {
        const { clear, delete: ids } = jsonObjectBody(request)
        if (clear) queue.clear()
        if (isJsonArray(ids)) for (const id of ids) queue.remove(id)
        return empty()
      },
    },
    {
      method: 'POST',
      path: '/interrupt',
      handle: ({ body }) => {
        const id = promptIdIn(body)
        // Without an id, whatever runs.
        worker.interrupt(id)
        return empty()
      },
    },
    {
      method: 'POST',
      path: '/free',
      handle: (request) => {
        if (jsonObjectBody(request).free_memory) worker.clearCache()
        return empty()
      },
    },
  ]
}

/** The body is optional, and so is the id in it. */
function promptIdIn(body: Buffer): string | undefined {
  try {
    const value = parsePython(body.toString('utf8'))
    return isJsonObject(value) && typeof value.prompt_id === 'string' && value.prompt_id !== ''
      ? value.prompt_id
      : undefined
  } catch {
    return undefined
  }
}
