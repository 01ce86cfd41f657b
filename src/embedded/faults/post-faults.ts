import { isJsonObject, type JsonValue } from '../../protocol/json.ts'
import { cutConnection, json, serverError, type Answer } from '../answer.ts'
import { parsePython } from '../python-json.ts'
import { refusal } from '../validation/validate-prompt.ts'
import { gatewayError, notAllowed, tooLarge, tooMany } from './answers.ts'
import { onRequest } from './concerns.ts'
import type { FaultHooks, FaultKind } from './fault.ts'
import { pause } from './pause.ts'

type OnPost = NonNullable<FaultHooks['request']>['answer']

function onPost(answer: OnPost): FaultHooks {
  return onRequest('POST', '/prompt', answer)
}

/** Another answer, and the prompt is not queued. */
function refuse(answer: Answer): FaultHooks {
  return onPost(async () => answer)
}

/** Another answer, although the prompt is queued. */
function queueButAnswer(answer: Answer): FaultHooks {
  return onPost(async (asked, handle) => {
    await handle(asked)
    return answer
  })
}

/** What can happen on the way of `POST /prompt` and of its answer. */
export const postFaults: readonly FaultKind[] = [
  {
    name: 'post-reset',
    summary: '`POST /prompt` is cut off before the prompt is queued',
    scenario: 2,
    isPassing: true,
    make: () => refuse(cutConnection),
  },
  {
    name: 'post-reset-after-queue',
    summary: '`POST /prompt` is cut off after the prompt was queued',
    scenario: 2,
    isPassing: true,
    make: () => queueButAnswer(cutConnection),
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
  {
    name: 'post-500',
    summary: '`POST /prompt` fails with a plain 500, and nothing is queued',
    scenario: 6,
    make: () => refuse(serverError),
  },
  {
    name: 'post-500-after-queue',
    summary: '`POST /prompt` fails with a plain 500, although the prompt is queued',
    scenario: 6,
    isPassing: true,
    make: () => queueButAnswer(serverError),
  },
  {
    name: 'post-502',
    summary: "a proxy's 502 page instead of an answer to `POST /prompt`; nothing is queued",
    scenario: 6,
    isPassing: true,
    make: () => refuse(gatewayError(502)),
  },
  {
    name: 'post-502-after-queue',
    summary: "a proxy's 502 page, although the prompt is queued",
    scenario: 6,
    isPassing: true,
    make: () => queueButAnswer(gatewayError(502)),
  },
  {
    name: 'post-503',
    summary: "a proxy's 503 page instead of an answer to `POST /prompt`",
    scenario: 6,
    isPassing: true,
    make: () => refuse(gatewayError(503)),
  },
  {
    name: 'post-429',
    summary: '`POST /prompt` is answered with 429 and asks to come back after that time',
    scenario: 6,
    magnitude: { time: 1000 },
    isPassing: true,
    make: ({ time }) => refuse(tooMany(time)),
  },
  {
    name: 'post-413',
    summary: 'the workflow is larger than the server takes (413)',
    scenario: 6,
    make: () => refuse(tooLarge),
  },
  {
    name: 'post-405',
    summary: 'there is no `POST /prompt` (405), as if something else were in its place',
    scenario: 6,
    make: () => refuse(notAllowed),
  },
  {
    name: 'post-refused',
    summary: 'the workflow is refused (400) without a reason: empty `details`, empty `node_errors`',
    scenario: 6,
    make: () =>
      refuse(json(refusal('prompt_outputs_failed_validation', 'Prompt outputs failed validation', ''), 400)),
  },
  {
    name: 'post-partial',
    summary: 'the workflow is taken (200), but `node_errors` says that an output was dropped',
    scenario: 6,
    make: () => onPost(async (asked, handle) => withNodeErrors(await handle(asked))),
  },
]

function withNodeErrors(answer: Answer): Answer {
  const body = answer.status === 200 ? parsePython(String(answer.body)) : undefined
  return isJsonObject(body) ? json({ ...body, node_errors: droppedOutput }) : answer
}

const droppedOutput: JsonValue = {
  '900': {
    errors: [
      {
        type: 'value_not_in_list',
        message: 'Value not in list',
        details: "ckpt_name: 'gone.safetensors' not in []",
        extra_info: { input_name: 'ckpt_name', input_config: null, received_value: 'gone.safetensors' },
      },
    ],
    dependent_outputs: ['901'],
    class_type: 'CheckpointLoaderSimple',
  },
}
