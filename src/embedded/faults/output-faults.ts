import { rm } from 'node:fs/promises'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import { placeIn } from '../file-place.ts'
import type { Outcome } from '../item.ts'
import type { FaultHooks, FaultKind } from './fault.ts'
import { textOf } from './text-of.ts'

/** A fault in what history says about a prompt's outputs: each node's is replaced. */
function eachOutput(change: (output: JsonObject) => JsonObject): FaultKind['make'] {
  return (): FaultHooks => ({
    async end(_, outcome) {
      return {
        ...outcome,
        outputs: new Map([...outcome.outputs].map(([id, output]) => [id, change(output)])),
      }
    },
  })
}

/** The outputs that a prompt may have, and what history can make of them. */
export const outputFaults: readonly FaultKind[] = [
  {
    name: 'nan',
    summary: 'history holds bare `NaN` and `Infinity`, which are no JSON',
    scenario: 11,
    times: Infinity,
    isPassing: true,
    make: eachOutput((output) => ({ ...output, score: [Number.NaN, Infinity, -Infinity] })),
  },
  {
    name: 'split-text',
    summary: 'a text among the outputs is split into its characters',
    scenario: 11,
    times: Infinity,
    isPassing: true,
    make: eachOutput((output) => ({ ...output, text: 'a fox'.split('') })),
  },
  {
    name: 'gifs',
    summary: 'files stand under `gifs` instead of `images`, with more fields than usual',
    scenario: 11,
    times: Infinity,
    isPassing: true,
    make: eachOutput(({ images, ...output }) => ({
      ...output,
      gifs: filesIn(images).map((file) => ({
        ...file,
        format: 'image/png',
        frame_rate: 8,
        workflow: null,
        fullpath: `/comfyui/output/${textOf(file.filename)}`,
      })),
    })),
  },
  {
    name: 'odd-outputs',
    summary: 'outputs under odd keys: null, nested lists, entries without a file, `3d`, `result` with null',
    scenario: 11,
    times: Infinity,
    isPassing: true,
    make: eachOutput((output) => ({
      ...output,
      nothing: null,
      'a key.with:marks': [[{ width: 1 }], [], null, 7],
      animated: [false],
      '3d': [],
      result: ['model.glb', null],
    })),
  },
  {
    name: 'no-outputs',
    summary: 'the prompt ends with success and has no outputs, as if a branch were blocked silently',
    scenario: 7,
    make: () => ({ end: async (_, outcome) => ({ ...outcome, outputs: new Map() }) }),
  },
  {
    name: 'error-as-success',
    summary: 'history says `success`, but its messages hold an `execution_error`; there are no outputs',
    scenario: 7,
    make: () => ({ end: async (item, outcome) => withError(outcome, item.promptId) }),
  },
  {
    name: 'output-deleted',
    summary: 'somebody deletes the output files of a prompt as soon as it has ended',
    scenario: 5,
    make: () => ({
      async end(_, outcome, { life }) {
        for (const output of outcome.outputs.values()) {
          for (const { filename, subfolder } of filesIn(output.images)) {
            const path = placeIn(life.state.folders.output, textOf(subfolder), textOf(filename))
            if (path !== undefined) await rm(path, { force: true })
          }
        }
        return outcome
      },
    }),
  },
]

/** The file entries in one value of an output. */
function filesIn(value: JsonValue | undefined): JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : []
}

function withError({ messages }: Outcome, promptId: string): Outcome {
  const error = {
    prompt_id: promptId,
    node_id: '3',
    node_type: 'KSampler',
    executed: [],
    exception_message: 'Dependency cycle detected',
    exception_type: 'graph.DependencyCycleError',
    traceback: [],
    current_inputs: {},
    current_outputs: [],
    timestamp: Date.now(),
  }
  return { succeeded: true, messages: [...messages, ['execution_error', error]], outputs: new Map() }
}
