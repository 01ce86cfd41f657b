import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('clients.js', import.meta.url))

/** Runs the graphs of a folder with one of the clients of `clients.js`, in a process of its own, as comfy-run has one. */
export async function runClient(client: 'lean' | 'loop', url: string, folder: string): Promise<void> {
  const child = spawn(process.execPath, [program, client, url, folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [exitCode] = (await once(child, 'exit')) as [number | null]
  if (exitCode !== 0) throw new Error(`the ${client} client ended with exit code ${exitCode}`)
}
