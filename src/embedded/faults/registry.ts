import { cancelFaults } from './cancel-faults.ts'
import { chaosOf } from './chaos.ts'
import type { FaultKind } from './fault.ts'
import { gatewayFaults } from './gateway-faults.ts'
import { historyFaults } from './history-faults.ts'
import { messageFaults } from './message-faults.ts'
import { nameFaults } from './name-faults.ts'
import { outputFaults } from './output-faults.ts'
import { postFaults } from './post-faults.ts'
import { profileFaults } from './profile-faults.ts'
import { socketFaults } from './socket-faults.ts'
import { uploadFaults } from './upload-faults.ts'
import { viewFaults } from './view-faults.ts'
import { workerFaults } from './worker-faults.ts'

const single: readonly FaultKind[] = [
  ...socketFaults,
  ...messageFaults,
  ...postFaults,
  ...historyFaults,
  ...workerFaults,
  ...cancelFaults,
  ...outputFaults,
  ...viewFaults,
  ...nameFaults,
  ...uploadFaults,
  ...gatewayFaults,
  ...profileFaults,
]

/** Every fault that can be asked for; docs/faults.md lists the same. */
export const faultKinds: readonly FaultKind[] = [...single, chaosOf(single)]
