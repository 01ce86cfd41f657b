import { onRequest } from './concerns.ts'
import { text, json } from '../answer.ts'
import type { FaultKind } from './fault.ts'
import { pause } from './pause.ts'

/** What can be wrong with the records of ended prompts. */
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
    name: 'history-cleared',
    summary: 'somebody clears the history before the client has read it',
    scenario: 8,
    make: () => ({ recorded: (_, { life }) => life.state.history.clear() }),
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
    make: () =>
      onRequest('GET', /^\/history\/./, async () =>
        text(500, '500 Internal Server Error\n\nServer got itself in trouble'),
      ),
  },
]
