import type { FaultKind } from './fault.ts'
import { historyFaults } from './history-faults.ts'
import { postFaults } from './post-faults.ts'
import { socketFaults } from './socket-faults.ts'
import { viewFaults } from './view-faults.ts'
import { workerFaults } from './worker-faults.ts'

/** Every fault that can be asked for; docs/faults.md lists the same. */
export const faultKinds: readonly FaultKind[] = [
  ...socketFaults,
  ...postFaults,
  ...historyFaults,
  ...viewFaults,
  ...workerFaults,
]
