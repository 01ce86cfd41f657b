import { decode, stdinName } from './text-source.ts'

const kept = new WeakMap<AsyncIterable<Uint8Array>, Promise<string>>()

/**
 * Everything on stdin, as text. It can be read only once, but a plan is walked twice: it is kept in memory. `name` is for
 * messages. Throws ComfyRunError `file-unreadable` if it is not text.
 */
export async function* readStdin(
  stdin: AsyncIterable<Uint8Array>,
  name: string = stdinName,
): AsyncGenerator<string> {
  const text = kept.get(stdin) ?? readAll(stdin, name)
  kept.set(stdin, text)
  yield await text
}

async function readAll(stdin: AsyncIterable<Uint8Array>, name: string): Promise<string> {
  let text = ''
  for await (const piece of decode(name, stdin)) text += piece
  return text
}
