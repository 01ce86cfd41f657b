import type { FaultKind } from './fault.ts'

/** What can happen to the WebSocket itself. */
export const socketFaults: readonly FaultKind[] = [
  {
    name: 'socket-drop',
    summary: 'all sockets are cut, without a close frame',
    scenario: 9,
    place: { step: 1 },
    isPassing: true,
    make: () => ({ moment: ({ life }) => life.sockets.cutAll() }),
  },
  {
    name: 'socket-close',
    summary: 'the server closes all sockets in due form (code 1001)',
    scenario: 9,
    place: { step: 1 },
    isPassing: true,
    make: () => ({ moment: ({ life }) => life.sockets.closeAll(1001) }),
  },
  {
    name: 'socket-silent',
    summary: 'the server forgets the sockets: they stay open, and nothing comes any more',
    scenario: 9,
    place: { step: 1 },
    isPassing: true,
    make: () => ({ moment: ({ life }) => life.sockets.forgetAll() }),
  },
  {
    name: 'socket-refused',
    summary: 'a WebSocket is refused with 403',
    scenario: 9,
    isPassing: true,
    make: () => ({ upgrade: () => 403 }),
  },
  {
    name: 'no-pong',
    summary: 'pings are never answered',
    scenario: 9,
    times: Infinity,
    make: () => ({
      opened: (socket) => {
        socket.pong = () => {}
      },
    }),
  },
]
