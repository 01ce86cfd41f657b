import { isJsonArray } from '../../protocol/json.ts'
import { empty, json } from '../answer.ts'
import { writeHistory } from '../history.ts'
import type { Route } from '../router.ts'
import type { ServerState } from '../state.ts'
import { jsonObjectBody, queryInteger } from './json-body.ts'

/** `/history`: the prompts that have ended. */
export function historyRoutes({ history }: ServerState): Route[] {
  return [
    {
      method: 'GET',
      path: '/history',
      handle: ({ query }) =>
        json(
          writeHistory(history.page(queryInteger(query.get('max_items')), queryInteger(query.get('offset')))),
        ),
    },
    {
      method: 'GET',
      path: '/history/:id',
      handle: ({ parameters: { id = '' } }) => {
        const entry = history.get(id)
        return json(writeHistory(entry ? [entry] : []))
      },
    },
    {
      method: 'POST',
      path: '/history',
      handle: (request) => {
        const { clear, delete: ids } = jsonObjectBody(request)
        if (clear) history.clear()
        if (isJsonArray(ids)) for (const id of ids) history.remove(id)
        return empty()
      },
    },
  ]
}
