import { fileURLToPath } from 'node:url'
import { startServer, type ServerProcess } from './serve.ts'

/** What the servers of one process do. */
export interface LeanOptions {
  /** How many there are. Default 1. */
  readonly count?: number
  /** How long each prompt takes. Default 0. */
  readonly milliseconds?: number
  /** How large its image is. Default 0: a dot. */
  readonly megabytes?: number
  /** A second. Default 0: none. */
  readonly previews?: number
}

/** Starts `lean-server.ts`. With several servers, `url` has all of theirs, with commas between them. */
export async function leanServers(options: LeanOptions = {}): Promise<ServerProcess> {
  const { count = 1, milliseconds = 0, megabytes = 0, previews = 0 } = options
  const program = fileURLToPath(new URL('lean-server.ts', import.meta.url))
  const numbers = [count, milliseconds, megabytes, previews].map(String)
  return startServer(['--import', import.meta.resolve('tsx'), program, ...numbers])
}

/** The seconds of CPU that a process of lean servers has used so far. */
export async function cpuOf(urls: string): Promise<number> {
  const [url = ''] = urls.split(',')
  const { user, system } = (await (await fetch(`${url}/cpu`)).json()) as NodeJS.CpuUsage
  return (user + system) / 1e6
}
