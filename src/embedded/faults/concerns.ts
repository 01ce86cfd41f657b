import type { Outgoing, OutgoingMessage } from '../hooks.ts'
import type { Asked } from '../router.ts'
import type { FaultHooks } from './fault.ts'

/** The path of a request without the `/api` that it may begin with. */
export function pathOf({ path }: Asked): string {
  return path.replace(/^\/api(?=\/)/, '')
}

/** A fault in the answers to some requests: `GET /view`, say, or `GET /history/` and what follows. */
export function onRequest(
  method: 'GET' | 'POST' | '*',
  path: string | RegExp,
  answer: NonNullable<FaultHooks['request']>['answer'],
): FaultHooks {
  const concerns = (asked: Asked): boolean => {
    const asks = pathOf(asked)
    const isPath = typeof path === 'string' ? asks === path : path.test(asks)
    return isPath && (method === '*' || asked.method === method)
  }
  return { request: { concerns, answer } }
}

/** Whether something to be sent is a message, not a raw frame. */
export function isMessage(content: Outgoing['content']): content is OutgoingMessage {
  return typeof content !== 'string' && !Buffer.isBuffer(content)
}
