import { encodeImage, encodeText } from '../../protocol/frames.ts'
import type { OutgoingMessage } from '../hooks.ts'
import { isMessage } from './concerns.ts'
import type { FaultHooks, FaultKind } from './fault.ts'

const someone = '00000000-0000-4000-8000-000000000000'

/** Sends something to all sockets in the middle of a prompt. */
function broadcast(...contents: readonly (OutgoingMessage | string | Buffer)[]): FaultKind['make'] {
  return (): FaultHooks => ({
    moment: ({ life }) => {
      for (const content of contents) life.sockets.broadcast(content)
    },
  })
}

function message(type: string, data: OutgoingMessage['data']): OutgoingMessage {
  return { type, data }
}

/** A JPEG that nobody needs to decode. */
const picture = encodeImage('jpeg', Buffer.from('ffd8ffe000104a46494600', 'hex'))

/** What can come over the socket besides, or instead of, what should. */
export const messageFaults: readonly FaultKind[] = [
  {
    name: 'foreign-progress',
    summary: "another client's prompt is told to everybody: `progress` and `progress_state`",
    scenario: 10,
    place: { step: 1 },
    times: Infinity,
    isPassing: true,
    make: broadcast(
      message('progress', { value: 19, max: 20, prompt_id: someone, node: '3' }),
      message('progress_state', { prompt_id: someone, nodes: {} }),
    ),
  },
  {
    name: 'foreign-preview',
    summary: "previews of another client's prompt, without an id (binary type 1)",
    scenario: 10,
    place: { step: 1 },
    times: Infinity,
    isPassing: true,
    make: broadcast(picture),
  },
  {
    name: 'foreign-text',
    summary: "text of another client's node (binary type 3)",
    scenario: 10,
    place: { step: 1 },
    times: Infinity,
    isPassing: true,
    make: broadcast(encodeText('3', 'of somebody else')),
  },
  {
    name: 'foreign-end',
    summary: "another client's prompt was interrupted, and another's has ended",
    scenario: 10,
    place: { step: 1 },
    times: Infinity,
    isPassing: true,
    make: broadcast(
      message('execution_interrupted', {
        prompt_id: someone,
        node_id: '3',
        node_type: 'KSampler',
        executed: [],
      }),
      message('executing', { node: null, prompt_id: someone }),
    ),
  },
  {
    name: 'unknown-messages',
    summary: 'messages of unknown types, without data, with data of odd shapes',
    scenario: 10,
    place: { step: 1 },
    times: Infinity,
    isPassing: true,
    make: broadcast(
      message('crystools.monitor', { cpu_utilization: 12.5, gpus: [{ vram: null }] }),
      '{"type": "assets.seed.started"}',
      '{"type": "progress", "data": null}',
      '{"type": "executed", "data": []}',
      '{"type": 7}',
      '[]',
    ),
  },
  {
    name: 'not-json',
    summary: 'text frames that are no JSON',
    scenario: 10,
    place: { step: 1 },
    times: Infinity,
    isPassing: true,
    make: broadcast('hello', '', '{"type": "executing", "data": {'),
  },
  {
    name: 'unknown-frames',
    summary: 'binary frames of an unknown type',
    scenario: 10,
    place: { step: 1 },
    times: Infinity,
    isPassing: true,
    make: broadcast(Buffer.from('00000063000000010203', 'hex')),
  },
  {
    name: 'broken-frames',
    summary: 'binary frames that end too early',
    scenario: 10,
    place: { step: 1 },
    times: Infinity,
    isPassing: true,
    make: broadcast(
      Buffer.alloc(0),
      Buffer.from('000000', 'hex'),
      Buffer.from('00000001', 'hex'),
      // Type 4, whose metadata would be longer than the frame.
      Buffer.from('00000004000000ff7b7d', 'hex'),
      Buffer.from('0000000400000002ffff', 'hex'),
    ),
  },
  {
    name: 'messages-twice',
    summary: 'every message comes twice',
    scenario: 10,
    times: Infinity,
    make: () => ({
      message: { concerns: ({ content }) => isMessage(content), replace: (one) => [one, one] },
    }),
  },
  {
    name: 'end-lost',
    summary: 'neither `execution_success` nor the end marker comes',
    scenario: 9,
    times: Infinity,
    make: () => ({
      message: { concerns: ({ content }) => isMessage(content) && isEnd(content), replace: () => [] },
    }),
  },
  {
    name: 'executed-null',
    summary: '`executed` comes without an output, as for cached nodes',
    scenario: 5,
    times: Infinity,
    isPassing: true,
    make: () => ({
      message: {
        concerns: ({ content }) => isMessage(content) && content.type === 'executed',
        replace: ({ client, content }) =>
          isMessage(content)
            ? [{ client, content: message('executed', { ...content.data, output: null }) }]
            : [],
      },
    }),
  },
]

function isEnd({ type, data }: OutgoingMessage): boolean {
  return type === 'execution_success' || (type === 'executing' && data.node === null)
}
