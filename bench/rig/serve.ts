import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The built binary. */
export const binary = fileURLToPath(new URL('../../bin/comfy-run.js', import.meta.url))

/** An embedded server in a process of its own. */
export interface ServerProcess {
  readonly url: string
  /** As `kill -9` does. */
  kill(): void
}

const started = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL')
})

/** Starts `comfy-run serve`; it ends with this process at the latest. */
export async function serveProcess(args: readonly string[] = []): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [binary, 'serve', ...(args.includes('--port') ? [] : ['--port', '0']), ...args],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  started.add(child)
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { url, kill: () => child.kill('SIGKILL') }
}
