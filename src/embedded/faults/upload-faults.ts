import { cutConnection, serverError } from '../answer.ts'
import { tooLarge } from './answers.ts'
import { onRequest } from './concerns.ts'
import type { FaultKind } from './fault.ts'

const upload = /^\/upload\/(?:image|mask)$/

/** What can happen to uploads. */
export const uploadFaults: readonly FaultKind[] = [
  {
    name: 'upload-rename',
    summary: 'the server stores an upload under another name, because that name was taken',
    scenario: 14,
    isPassing: true,
    make: () =>
      onRequest('POST', upload, async (asked, handle) => {
        // latin1 keeps the bytes of the picture as they are.
        const body = asked.body.toString('latin1')
        const renamed = body.replace(/(filename="[^"]*?)(\.\w+")/, '$1 (1)$2')
        return handle({ ...asked, body: Buffer.from(renamed, 'latin1') })
      }),
  },
  {
    name: 'upload-reset',
    summary: 'the connection of an upload is cut, as when the body is too large',
    scenario: 14,
    isPassing: true,
    make: () => onRequest('POST', upload, async () => cutConnection),
  },
  {
    name: 'upload-reset-after-store',
    summary: 'the connection of an upload is cut after the file was stored',
    scenario: 14,
    isPassing: true,
    make: () =>
      onRequest('POST', upload, async (asked, handle) => {
        await handle(asked)
        return cutConnection
      }),
  },
  {
    name: 'upload-413',
    summary: 'an upload is larger than the server takes (413)',
    scenario: 14,
    make: () => onRequest('POST', upload, async () => tooLarge),
  },
  {
    name: 'upload-500',
    summary: 'an upload fails with a plain 500',
    scenario: 14,
    make: () => onRequest('POST', upload, async () => serverError),
  },
]
