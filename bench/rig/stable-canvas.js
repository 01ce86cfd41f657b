// A loop on @stable-canvas/comfyui-client, as a program: `node stable-canvas.js MODULES URL FOLDER LONGEST BUDGET` runs the graphs
// of FOLDER/graphs.json one after the other and leaves their images in FOLDER/out. MODULES is where the library is installed.
// A job is given up after LONGEST ms, no other is begun after BUDGET ms. Puts out how many were begun.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { argv, exit, stdout } from 'node:process'
import { WebSocket } from 'ws'

/**
 * What is used of the library.
 *
 * @typedef {{ images: { data: string | ArrayBuffer }[], prompt_id: string }} Ended
 * @typedef {{
 *   connect(): Promise<unknown>
 *   enqueue(graph: import('./work.ts').Graph, options: { timeout_ms: number }): Promise<Ended>
 *   close(): void
 * }} Client
 * @typedef {{ Client: new (config: { api_host: string, WebSocket: unknown, fetch: unknown }) => Client }} Library
 */

const [, , modules = '', url = '', folder = '', longest, budget] = argv
/** @type {Library} */
const { Client } = createRequire(join(modules, 'package.json'))('@stable-canvas/comfyui-client')
/** @type {import('./work.ts').Graph[]} */
const graphs = JSON.parse(readFileSync(join(folder, 'graphs.json'), 'utf8'))

const began = performance.now()
const client = new Client({ api_host: new URL(url).host, WebSocket, fetch })
await client.connect()
let tried = 0
for (const graph of graphs) {
  if (performance.now() - began > Number(budget)) break
  tried += 1
  // It can miss the end of a job that is over before the answer to its POST: then it waits for nothing.
  const ended = await client.enqueue(graph, { timeout_ms: Number(longest) }).catch(() => undefined)
  for (const { data } of ended?.images ?? []) {
    const bytes = typeof data === 'string' ? await (await fetch(data)).arrayBuffer() : data
    writeFileSync(join(folder, 'out', `${ended?.prompt_id}.png`), Buffer.from(bytes))
  }
}
client.close()
stdout.write(String(tried), () => exit(0))
