import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { BenchOptions, Target } from './options.ts'

/** The built binary. */
export const binary = fileURLToPath(new URL('../../bin/comfy-run.js', import.meta.url))

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string
  /** As `kill -9` does. */
  kill(): void
  /** Ends it, and resolves when it has removed its files. */
  stop(): Promise<void>
}

const started = new Set<ChildProcess>()
process.on('exit', () => {
  // With time to remove their files.
  for (const child of started) child.kill('SIGTERM')
})

/** Starts `comfy-run serve`; it ends with this process at the latest. */
export async function serveProcess(args: readonly string[] = []): Promise<ServerProcess> {
  return startServer([binary, 'serve', ...(args.includes('--port') ? [] : ['--port', '0']), ...args])
}

/** Starts a Node process that serves, and tells on its first line where; `args` are Node's. */
export async function startServer(args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  started.add(child)
  const exited = once(child, 'exit').then(() => started.delete(child))
  const [url] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => {
      throw new Error(`${args.join(' ')} ended with exit code ${child.exitCode}`)
    }),
  ])) as [string]
  return {
    url,
    kill: () => child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** Measures on an embedded server, and on the real one if there is one: a table from each. */
export async function onEachServer(
  { server }: BenchOptions,
  measure: (target: Target) => Promise<string>,
): Promise<string> {
  const embedded = await serveProcess()
  const texts = [await measure({ name: 'the embedded server', url: embedded.url })]
  await embedded.stop()
  if (server !== undefined) texts.push(await measure({ name: 'a real ComfyUI', url: server }))
  return texts.join('\n\n')
}
