import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { Graph } from './work.ts'

/** A client of somebody else. */
export interface Peer {
  readonly name: string
  /**
   * Runs the graphs one after the other and brings their images to the folder, as far as it can. Resolves to how many
   * it has tried before its time was over.
   */
  readonly run: (url: string, graphs: readonly Graph[], folder: string) => Promise<number>
}

const versions = { '@saintno/comfyui-sdk': '0.3.1', '@stable-canvas/comfyui-client': '1.5.9' } as const
/** After this a job of a few milliseconds is given up, in milliseconds. */
const longest = 5000
/** After this no other job is begun, in milliseconds. */
const budget = 15_000

/** Installs the clients of others in a folder for temporary files, unless they are there: nobody else needs them. */
export async function installPeers(): Promise<{ readonly cfli: Peer; readonly stableCanvas: Peer }> {
  const folder = join(tmpdir(), `comfy-run-bench-peers-${Object.values(versions).join('-')}`)
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  if (!existsSync(join(folder, 'ready'))) {
    mkdirSync(folder, { recursive: true })
    // The npm that runs this has no name that Windows could start.
    const npm = process.env['npm_execpath']
    const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', ...wanted]
    const [command, all] = npm === undefined ? ['npm', args] : [process.execPath, [npm, ...args]]
    const { status } = spawnSync(command, all, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    if (status !== 0) throw new Error(`npm install of ${wanted.join(' and ')} ended with exit code ${status}`)
    writeFileSync(join(folder, 'ready'), '')
  }
  return {
    cfli: { name: `cfli ${versions['@saintno/comfyui-sdk']}`, run: cfliLoop(folder) },
    stableCanvas: {
      name: `@stable-canvas/comfyui-client ${versions['@stable-canvas/comfyui-client']}, one at a time`,
      run: await stableCanvasLoop(folder),
    },
  }
}

/** One after the other, while there is time. Resolves to how many were begun. */
async function eachInTime(graphs: readonly Graph[], run: (graph: Graph) => Promise<void>): Promise<number> {
  const began = performance.now()
  let tried = 0
  for (const graph of graphs) {
    if (performance.now() - began > budget) break
    tried += 1
    await run(graph)
  }
  return tried
}

/** A process for each job. It often gives a quick job up: how it ends is not looked at, the images are counted. */
function cfliLoop(modules: string): Peer['run'] {
  const program = join(modules, 'node_modules/@saintno/comfyui-sdk/dist/cli.js')
  return async (url, graphs, folder) => {
    const file = join(folder, 'graph.json')
    return eachInTime(graphs, async (graph) => {
      writeFileSync(file, JSON.stringify(graph))
      const options = ['-f', file, '--output-nodes', '2', '-d', '-o', folder, '-H', url]
      const quiet = ['--json', '-q', '--no-tui', '-t', String(longest)]
      const child = spawn(process.execPath, [program, 'run', ...options, ...quiet], { stdio: 'ignore' })
      const timer = setTimeout(() => child.kill('SIGKILL'), 4 * longest)
      await once(child, 'exit')
      clearTimeout(timer)
    })
  }
}

/** What is used of the library. */
interface StableCanvas {
  readonly Client: new (config: { api_host: string; WebSocket: unknown; fetch: unknown }) => {
    connect(): Promise<unknown>
    enqueue(
      graph: Graph,
      options: { timeout_ms: number },
    ): Promise<{
      readonly images: readonly { readonly type: string; readonly data: string | ArrayBuffer }[]
      readonly prompt_id: string
    }>
    close(): void
  }
}

async function stableCanvasLoop(modules: string): Promise<Peer['run']> {
  const load = createRequire(join(modules, 'package.json'))
  const { Client } = load('@stable-canvas/comfyui-client') as StableCanvas
  return async (url, graphs, folder) => {
    const client = new Client({ api_host: new URL(url).host, WebSocket, fetch })
    await client.connect()
    const tried = await eachInTime(graphs, async (graph) => {
      // It can miss the end of a job that is over before the answer to its POST: then it waits for nothing.
      const ended = await client.enqueue(graph, { timeout_ms: longest }).catch(() => undefined)
      if (!ended) return
      const { images, prompt_id } = ended
      for (const { data } of images) {
        const bytes = typeof data === 'string' ? await (await fetch(data)).arrayBuffer() : data
        writeFileSync(join(folder, `${prompt_id}.png`), Buffer.from(bytes))
      }
    })
    client.close()
    return tried
  }
}
