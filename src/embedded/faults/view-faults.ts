import type { AddressInfo } from 'node:net'
import { cutConnection, empty, serverError, type Answer } from '../answer.ts'
import { page } from './answers.ts'
import { onRequest, pathOf } from './concerns.ts'
import type { FaultHooks, FaultKind, Magnitude } from './fault.ts'

/** A fault in what `GET /view` serves. */
function onView(spoil: (answer: Answer, magnitude: Magnitude) => Answer): FaultKind['make'] {
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
  {
    name: 'view-garbage',
    summary: 'the file arrives at its full length, but with other bytes',
    scenario: 12,
    isPassing: true,
    make: onView((answer) => ({
      ...answer,
      body: Buffer.from(Buffer.from(answer.body).map((byte) => byte ^ 0x5a)),
    })),
  },
  {
    name: 'view-page',
    summary: 'a web page (200) comes instead of the file',
    scenario: 12,
    isPassing: true,
    make: onView(() => page(200, 'Please log in')),
  },
  {
    name: 'view-reset',
    summary: 'the download is cut before its first byte',
    scenario: 12,
    isPassing: true,
    make: onView(() => cutConnection),
  },
  {
    name: 'view-500',
    summary: '`GET /view` fails with a plain 500',
    scenario: 12,
    isPassing: true,
    make: onView(() => serverError),
  },
  {
    name: 'view-404',
    summary: '`GET /view` says that the file is not there, although it is',
    scenario: 5,
    make: onView(() => empty(404)),
  },
  {
    name: 'view-redirect',
    summary:
      '`GET /view` redirects to another origin (`localhost` instead of 127.0.0.1), as Comfy Cloud does',
    scenario: 15,
    times: Infinity,
    make: () => ({
      request: {
        concerns: (asked) =>
          pathOf(asked) === '/view' && asked.headers.host?.startsWith('localhost') !== true,
        async answer({ query }, _, { life }) {
          const { port } = life.http.address() as AddressInfo
          return { ...empty(302), headers: { location: `http://localhost:${port}/view?${query.toString()}` } }
        },
      },
    }),
  },
]
