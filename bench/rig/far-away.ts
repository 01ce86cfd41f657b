import { fileURLToPath } from 'node:url'
import { startServer, type ServerProcess } from './serve.ts'

/** A server as it is so many milliseconds away, there and back. */
export async function farAway(
  { url }: Pick<ServerProcess, 'url'>,
  milliseconds: number,
): Promise<ServerProcess> {
  const program = fileURLToPath(new URL('delay-proxy.ts', import.meta.url))
  return startServer(['--import', import.meta.resolve('tsx'), program, url, String(milliseconds / 2)])
}
