import type { Route } from '../router.ts'
import type { ServerState } from '../state.ts'
import { historyRoutes } from './history-routes.ts'
import { infoRoutes } from './info-routes.ts'
import { jobRoutes } from './job-routes.ts'
import { promptRoutes } from './prompt-routes.ts'
import { queueRoutes } from './queue-routes.ts'
import { uploadRoutes } from './upload-routes.ts'
import { viewRoutes } from './view-routes.ts'

/** Every endpoint of the server. */
export function allRoutes(state: ServerState): Route[] {
  return [
    ...promptRoutes(state),
    ...queueRoutes(state),
    ...historyRoutes(state),
    ...jobRoutes(state),
    ...uploadRoutes(state),
    ...viewRoutes(state),
    ...infoRoutes(state),
  ]
}
