import { cutConnection } from '../answer.ts'
import { onRequest } from './concerns.ts'
import type { FaultHooks, FaultKind } from './fault.ts'
import { pause } from './pause.ts'

type OnPost = NonNullable<FaultHooks['request']>['answer']

function onPost(answer: OnPost): FaultHooks {
  return onRequest('POST', '/prompt', answer)
}

/** What can happen on the way of `POST /prompt` and of its answer. */
export const postFaults: readonly FaultKind[] = [
  {
    name: 'post-reset',
    summary: '`POST /prompt` is cut off before the prompt is queued',
    scenario: 2,
    isPassing: true,
    make: () => onPost(async () => cutConnection),
  },
  {
    name: 'post-reset-after-queue',
    summary: '`POST /prompt` is cut off after the prompt was queued',
    scenario: 2,
    isPassing: true,
    make: () =>
      onPost(async (asked, handle) => {
        await handle(asked)
        return cutConnection
      }),
  },
  {
    name: 'post-slow',
    summary: 'the answer to `POST /prompt` comes late, after events of the prompt',
    scenario: 2,
    magnitude: { time: 300 },
    isPassing: true,
    make: ({ time }) =>
      onPost(async (asked, handle, server) => {
        const answer = await handle(asked)
        await pause(time, server)
        return answer
      }),
  },
]
