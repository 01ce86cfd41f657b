import type { OpenedFile } from '../../src/comfy/download.ts'

/** All bytes of a body, whether they are there or still to come. */
export async function bytesOf(body: OpenedFile['body']): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
