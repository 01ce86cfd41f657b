import { cutConnection, empty, notFound } from '../answer.ts'
import type { Asked } from '../router.ts'
import { gatewayError, page } from './answers.ts'
import { onRequest } from './concerns.ts'
import type { FaultKind } from './fault.ts'
import { pause } from './pause.ts'

const any = /^\//

/** What stands between a client and the server, and concerns every request. */
export const gatewayFaults: readonly FaultKind[] = [
  {
    name: 'stall',
    summary: 'a request is answered so much later',
    scenario: 13,
    magnitude: { time: 30_000 },
    isPassing: true,
    make: ({ time }) =>
      onRequest('*', any, async (asked, handle, server) => {
        await pause(time, server)
        return handle(asked)
      }),
  },
  {
    name: 'reset',
    summary: 'the connection of a request is cut instead of an answer',
    scenario: 2,
    isPassing: true,
    make: () => onRequest('*', any, async () => cutConnection),
  },
  {
    name: 'gateway-502',
    summary: "a proxy's 502 page instead of an answer",
    scenario: 6,
    isPassing: true,
    make: () => onRequest('*', any, async () => gatewayError(502)),
  },
  {
    name: 'gateway-504',
    summary: "a proxy's 504 page, although the server has done what was asked",
    scenario: 6,
    isPassing: true,
    make: () =>
      onRequest('*', any, async (asked, handle) => {
        await handle(asked)
        return gatewayError(504)
      }),
  },
  {
    name: 'login-page',
    summary: 'a login page (200) instead of an answer',
    scenario: 6,
    make: () => onRequest('*', any, async () => page(200, 'Please log in')),
  },
  {
    name: 'base-path',
    summary: 'everything lies below this path, as behind a proxy; 404 elsewhere',
    scenario: 15,
    magnitude: { text: 'comfy' },
    times: Infinity,
    make: ({ text }) => {
      const below = (asked: Asked): Asked | undefined =>
        asked.path.startsWith(`/${text}/`) ? { ...asked, path: asked.path.slice(text.length + 1) } : undefined
      return {
        ...onRequest('*', any, async (asked, handle) => {
          const inside = below(asked)
          return inside ? handle(inside) : notFound
        }),
        upgrade: (asked) => below(asked) ?? 404,
      }
    },
  },
  {
    name: 'auth',
    summary: 'requests and sockets need `Authorization: Bearer` and this token; 401 without it',
    scenario: 15,
    magnitude: { text: 'secret' },
    times: Infinity,
    make: ({ text }) => {
      const isAllowed = ({ headers }: Asked): boolean => headers.authorization === `Bearer ${text}`
      return {
        ...onRequest('*', any, async (asked, handle) => (isAllowed(asked) ? handle(asked) : empty(401))),
        upgrade: (asked) => (isAllowed(asked) ? asked : 401),
      }
    },
  },
]
