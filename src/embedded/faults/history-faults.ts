import { json, serverError } from '../answer.ts'
import { onRequest } from './concerns.ts'
import type { FaultKind } from './fault.ts'
import { pause } from './pause.ts'

/** What can be wrong with the queue, and with the records of ended prompts. */
export const historyFaults: readonly FaultKind[] = [
  {
    name: 'history-late',
    summary: 'the history entry is written so long after `execution_success`',
    scenario: 1,
    magnitude: { time: 800 },
    isPassing: true,
    make: ({ time }) => ({
      async end(_, outcome, server) {
        await pause(time, server)
        return outcome
      },
    }),
  },
  {
    name: 'history-empty',
    summary: '`GET /history/{id}` answers `{}` although the entry is there',
    scenario: 1,
    isPassing: true,
    make: () => onRequest('GET', /^\/history\/./, async () => json({})),
  },
  {
    name: 'history-500',
    summary: '`GET /history/{id}` fails with a plain 500',
    scenario: 6,
    isPassing: true,
    make: () => onRequest('GET', /^\/history\/./, async () => serverError),
  },
  {
    name: 'history-cleared',
    summary: 'somebody clears the history before the client has read it',
    scenario: 8,
    make: () => ({ recorded: (_, { life }) => life.state.history.clear() }),
  },
  {
    name: 'queue-deleted',
    summary: 'somebody deletes the prompt from the queue before it runs',
    scenario: 8,
    make: () =>
      onRequest('POST', '/prompt', async (asked, handle, { life }) => {
        const before = new Set(life.state.queue.pending)
        const answer = await handle(asked)
        for (const item of life.state.queue.pending) {
          if (!before.has(item)) life.state.queue.remove(item.promptId)
        }
        return answer
      }),
  },
]
