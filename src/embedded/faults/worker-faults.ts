import { Execution } from '../execution.ts'
import { noHooks } from '../hooks.ts'
import { Interruption } from '../interruption.ts'
import type { QueueItem } from '../item.ts'
import { NodeError } from '../node.ts'
import { Sockets } from '../sockets.ts'
import type { ServerState } from '../state.ts'
import type { FaultKind } from './fault.ts'
import { pause } from './pause.ts'

/** What can happen to the worker, to a node, or to the whole process. */
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
  {
    name: 'load-slow',
    summary: 'so long a silence before the first event of a prompt, as while a model loads',
    scenario: 13,
    magnitude: { time: 2000 },
    isPassing: true,
    make: ({ time }) => ({ begin: async (_, server) => pause(time, server) }),
  },
  {
    name: 'cached',
    summary: 'everything comes from the cache: no node runs, the files are those of an earlier run',
    scenario: 5,
    times: Infinity,
    isPassing: true,
    make: () => ({ begin: async (item, { life }) => runUnseen(item, life.state) }),
  },
  {
    name: 'node-error',
    summary: 'a node raises an exception',
    scenario: 7,
    make: () => failing(() => new NodeError('ValueError', 'a fault that was asked for')),
  },
  {
    name: 'out-of-memory',
    summary: 'a node runs out of memory',
    scenario: 7,
    make: () =>
      failing(
        () =>
          new NodeError(
            'torch.OutOfMemoryError',
            'Allocation on device\nThis error means you ran out of memory on your GPU.',
          ),
      ),
  },
  {
    name: 'node-blocked',
    summary:
      'an output node is blocked (ExecutionBlocker): an `execution_error` on the way, success at the end, no file',
    scenario: 7,
    make: () => ({
      node: {
        concerns: ({ item, id }) => item.outputs.includes(id),
        async run({ item, id, node }, { life }) {
          const error = {
            prompt_id: item.promptId,
            node_id: id,
            node_type: node.class_type,
            executed: [],
            exception_message: 'Execution Blocked: a fault that was asked for',
            exception_type: 'ExecutionBlocked',
            traceback: [],
            current_inputs: [],
            current_outputs: [],
          }
          life.sockets.send('execution_error', error, item.extraData.client_id)
          return { outputs: [] }
        },
      },
    }),
  },
  {
    name: 'interrupted',
    summary: 'somebody else interrupts the running prompt',
    scenario: 8,
    place: { step: 1 },
    make: () => ({ moment: ({ life }) => void life.worker.interrupt() }),
  },
]

/** Runs a prompt before its time, and tells nobody: only the cache knows. */
async function runUnseen(item: QueueItem, { nodes, folders, cache }: ServerState): Promise<void> {
  const quietly = {
    sockets: new Sockets(),
    hooks: noHooks,
    stepMilliseconds: 0,
    previewMilliseconds: Infinity,
  }
  await new Execution(item, new Interruption(), { nodes, folders, cache, ...quietly }).run()
}

function failing(error: () => Error): ReturnType<FaultKind['make']> {
  return {
    node: {
      concerns: () => true,
      run: async () => {
        throw error()
      },
    },
  }
}
