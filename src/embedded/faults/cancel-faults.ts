import { empty, json } from '../answer.ts'
import type { Asked } from '../router.ts'
import { pathOf } from './concerns.ts'
import type { FaultKind } from './fault.ts'
import { pause } from './pause.ts'

const cancelPath = /^\/jobs\/(?:[^/]+\/)?cancel$/

function isCancel(asked: Asked): boolean {
  const path = pathOf(asked)
  return asked.method === 'POST' && (path === '/interrupt' || cancelPath.test(path))
}

/** What can happen when a client wants to stop its prompt. */
export const cancelFaults: readonly FaultKind[] = [
  {
    name: 'interrupt-late',
    summary: 'a stop is promised at once and comes so much later',
    scenario: 8,
    magnitude: { time: 500 },
    isPassing: true,
    make: ({ time }) => ({
      request: {
        concerns: isCancel,
        async answer(asked, handle, server) {
          void pause(time, server).then(async () => handle(asked))
          return promised(asked)
        },
      },
    }),
  },
  {
    name: 'interrupt-ignored',
    summary: 'a stop is promised and never comes',
    scenario: 8,
    times: Infinity,
    make: () => ({ request: { concerns: isCancel, answer: async (asked) => promised(asked) } }),
  },
]

function promised(asked: Asked) {
  return pathOf(asked) === '/interrupt' ? empty() : json({ cancelled: true })
}
