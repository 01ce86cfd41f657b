import { decode, stdinName } from './text-source.ts'

const kept = new WeakMap<AsyncIterable<Uint8Array>, Promise<string>>()

/**
 * Everything on stdin, as text. It can be read only once, but a plan is walked twice: it is kept in memory.
 * Throws ComfyRunError `file-unreadable` if it is not text.
 */
export async function* readStdin(stdin: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const text = kept.get(stdin) ?? readAll(stdin)
  kept.set(stdin, text)
  yield await text
}

async function readAll(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const piece of decode(stdinName, stdin)) text += piece
  return text
}
