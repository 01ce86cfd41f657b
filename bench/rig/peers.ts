import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Graph, Work } from './work.ts'

/** A client of somebody else. */
export interface Peer {
  readonly name: string
  /**
   * Runs the jobs one after the other and brings their images to `out`, as far as it can. Resolves to how many
   * it has tried before its time was over.
   */
  readonly run: (url: string, work: Work) => Promise<number>
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
      run: stableCanvasLoop(folder),
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
  return async (url, { graphs, folder }) => {
    const out = join(folder, 'out')
    const file = join(out, 'graph.json')
    return eachInTime(graphs, async (graph) => {
      writeFileSync(file, JSON.stringify(graph))
      const options = ['-f', file, '--output-nodes', '2', '-d', '-o', out, '-H', url]
      const quiet = ['--json', '-q', '--no-tui', '-t', String(longest)]
      const child = spawn(process.execPath, [program, 'run', ...options, ...quiet], { stdio: 'ignore' })
      const timer = setTimeout(() => child.kill('SIGKILL'), 4 * longest)
      await once(child, 'exit')
      clearTimeout(timer)
    })
  }
}

/** A program of its own, with a start, as comfy-run is. */
function stableCanvasLoop(modules: string): Peer['run'] {
  const program = fileURLToPath(new URL('stable-canvas.js', import.meta.url))
  return async (url, { folder }) => {
    const child = spawn(process.execPath, [program, modules, url, folder, String(longest), String(budget)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit') as Promise<[number | null]>
    const tried = Number(await text(child.stdout))
    const [exitCode] = await exited
    if (exitCode !== 0) throw new Error(`${program} ended with exit code ${exitCode}`)
    return tried
  }
}
