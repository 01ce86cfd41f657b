import type { FaultKind } from './fault.ts'

/** What can happen to the worker, or to the whole process. */
export const workerFaults: readonly FaultKind[] = [
  {
    name: 'restart',
    summary:
      'the server is killed and, so long after, back on the same port, without queue, history and cache',
    scenario: 9,
    magnitude: { time: 0 },
    place: { step: 1 },
    make: ({ time }) => ({ moment: async (server) => server.restart(time) }),
  },
  {
    name: 'zombie',
    summary:
      'the worker is dead: the prompt stays in the queue as running, no event comes, and nothing stops it',
    scenario: 13,
    make: () => ({ begin: async (_, { life }) => life.killed }),
  },
]
