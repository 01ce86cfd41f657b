import { onRequest } from './concerns.ts'
import type { Answer } from '../answer.ts'
import type { FaultKind, FaultHooks, Magnitude } from './fault.ts'

type Spoil = (answer: Answer, magnitude: Magnitude) => Answer

/** A fault in what `GET /view` serves. */
function onView(spoil: Spoil): FaultKind['make'] {
  return (magnitude): FaultHooks =>
    onRequest('GET', '/view', async (asked, handle) => {
      const answer = await handle(asked)
      return answer.status === 200 ? spoil(answer, magnitude) : answer
    })
}

/** What can happen to a file on its way. */
export const viewFaults: readonly FaultKind[] = [
  {
    name: 'view-truncate',
    summary: 'the download is cut after so much of the file',
    scenario: 12,
    magnitude: { share: 0.5 },
    isPassing: true,
    make: onView((answer, { share }) => ({
      ...answer,
      cutAfter: Math.floor(Buffer.byteLength(answer.body) * share),
    })),
  },
  {
    name: 'view-short',
    summary: 'only so much of the file comes, and Content-Length says that this is all',
    scenario: 12,
    magnitude: { share: 0.5 },
    isPassing: true,
    make: onView((answer, { share }) => {
      const body = Buffer.from(answer.body)
      return { ...answer, body: body.subarray(0, Math.floor(body.length * share)) }
    }),
  },
  {
    name: 'view-empty',
    summary: 'the file arrives with zero bytes',
    scenario: 12,
    isPassing: true,
    make: onView((answer) => ({ ...answer, body: '' })),
  },
]
