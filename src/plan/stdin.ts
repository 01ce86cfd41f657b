import { decode, stdinName } from './text-source.ts'

let kept: Promise<string> | undefined

/**
 * Everything on stdin, as text. It can be read only once, but a plan is walked twice: it is kept in memory.
 * Throws ComfyRunError `file-unreadable` if it is not text.
 */
export async function* readStdin(): AsyncGenerator<string> {
  kept ??= readAll()
  yield await kept
}

async function readAll(): Promise<string> {
  let text = ''
  for await (const piece of decode(stdinName, process.stdin)) text += piece
  return text
}
