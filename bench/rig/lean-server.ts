// Many servers in one process, each on a port of its own, that speak just enough of ComfyUI's protocol: every prompt takes
// a fixed time, and its image is always the same. So cheap that what is measured is the client.
// `node --import tsx bench/rig/lean-server.ts SERVERS MILLISECONDS MEGABYTES PREVIEWS`: how many servers, how long each
// prompt takes, how large its image is (0: a dot), and how many previews a second it shows. The first line of stdout has the
// URLs.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import sharp from 'sharp'
import { WebSocketServer, type WebSocket } from 'ws'
import { makeFolders } from '../../src/embedded/folders.ts'
import { nodeInfo } from '../../src/embedded/node-info.ts'
import { nodeTable } from '../../src/embedded/nodes/table.ts'
import { encodeImageWithMetadata } from '../../src/protocol/frames.ts'
import { stringifyJson } from '../../src/protocol/json.ts'
import { noisePng } from './large-images.ts'
import type { Graph } from './work.ts'

const [servers = 1, milliseconds = 0, megabytes = 0, previewsPerSecond = 0] = process.argv
  .slice(2)
  .map(Number)

interface Prompt {
  readonly id: string
  readonly number: number
  readonly graph: Graph
  readonly client: string
}

const place = await makeFolders(undefined)
const dot = { width: 1, height: 1, channels: 3, background: 'black' } as const
const image = megabytes > 0 ? await noisePng(megabytes) : await sharp({ create: dot }).png().toBuffer()
const preview = await sharp(await noisePng(0.2))
  .jpeg({ quality: 60 })
  .toBuffer()
const info = (name: string): object | undefined => {
  const node = nodeTable.get(name)
  return node && nodeInfo(node, place.folders)
}

class LeanServer {
  readonly http = createServer((request, answer) => void this.#answer(request, answer))
  readonly #sockets = new Map<string, WebSocket>()
  readonly #history = new Map<string, object>()
  readonly #queue: Prompt[] = []
  #numbers = 0
  #isWorking = false

  constructor() {
    const sockets = new WebSocketServer({ server: this.http, path: '/ws', perMessageDeflate: false })
    sockets.on('connection', (socket, { url = '' }) => {
      const client = new URL(url, 'http://localhost').searchParams.get('clientId') ?? ''
      this.#sockets.set(client, socket)
      socket.on('error', () => {})
      this.#send(client, 'status', { status: { exec_info: { queue_remaining: 0 } }, sid: client })
    })
  }

  #send(client: string, type: string, data: object): void {
    this.#sockets.get(client)?.send(JSON.stringify({ type, data }))
  }

  async #answer(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    const [, first = '', ...rest] = pathname.split('/')
    const last = rest.at(-1) ?? ''
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const isPost = request.method === 'POST'
    if (first === 'view') {
      answer.writeHead(200, { 'content-type': 'image/png', 'content-length': image.length }).end(image)
      return
    }
    const content = isPost
      ? this.#post(first, Buffer.concat(chunks).toString())
      : this.#get(first, last, Number(searchParams.get('max_items')))
    // The limits of seeds have 64 bits.
    const write = first === 'object_info' ? stringifyJson : JSON.stringify
    const body = write(content ?? {})
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    answer.writeHead(content ? 200 : 404, headers).end(body)
  }

  #post(route: string, body: string): object | undefined {
    if (route !== 'prompt') return {}
    const {
      prompt,
      prompt_id = randomUUID(),
      client_id = '',
    } = JSON.parse(body) as {
      readonly prompt: Graph
      readonly prompt_id?: string
      readonly client_id?: string
    }
    const number = this.#numbers++
    this.#queue.push({ id: prompt_id, number, graph: prompt, client: client_id })
    if (!this.#isWorking) void this.#work()
    return { prompt_id, number, node_errors: {} }
  }

  #get(route: string, last: string, items: number): object | undefined {
    if (route === 'prompt') return { exec_info: { queue_remaining: this.#queue.length } }
    if (route === 'system_stats') {
      return { system: { comfyui_version: '0.33.0', os: process.platform, argv: [] }, devices: [] }
    }
    if (route === 'features') return { supports_preview_metadata: true }
    if (route === 'cpu') return process.cpuUsage()
    if (route === 'object_info') {
      const names = last === '' ? [...nodeTable.keys()] : [last]
      return Object.fromEntries(names.map((name) => [name, info(name)]))
    }
    if (route === 'history') {
      const wanted =
        last === '' ? [...this.#history].slice(-items) : [[last, this.#history.get(last)] as const]
      return Object.fromEntries(wanted.filter(([, entry]) => entry))
    }
    if (route === 'queue') {
      const [running, ...pending] = this.#queue.map(({ id, number }) => [number, id, {}, {}, []])
      return { queue_running: running ? [running] : [], queue_pending: pending }
    }
    // /api/jobs/ID
    if (this.#history.has(last)) return { id: last, status: 'completed' }
    const position = this.#queue.findIndex(({ id }) => id === last)
    return position < 0 ? undefined : { id: last, status: position === 0 ? 'in_progress' : 'pending' }
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    for (let prompt = this.#queue[0]; prompt; prompt = this.#queue[0]) {
      await this.#run(prompt)
      this.#queue.shift()
      this.#send(prompt.client, 'executing', { node: null, prompt_id: prompt.id })
    }
    this.#isWorking = false
  }

  async #run({ id, number, graph, client }: Prompt): Promise<void> {
    const messages: [string, object][] = []
    const tell = (type: string, more: object = {}): void => {
      const data = { prompt_id: id, timestamp: Date.now(), ...more }
      messages.push([type, data])
      this.#send(client, type, data)
    }
    tell('execution_start')
    tell('execution_cached', { nodes: [] })
    const [saver = '', { inputs = {} } = {}] =
      Object.entries(graph).find(([, node]) => node.class_type === 'SaveImage') ?? []
    const sampler = Object.entries(graph).find(([, node]) => node.class_type === 'KSampler')?.[0] ?? saver
    this.#send(client, 'executing', { node: sampler, display_node: sampler, prompt_id: id })
    await this.#take(id, client, sampler)
    const prefix = 'filename_prefix' in inputs ? String(inputs.filename_prefix) : 'image'
    const [name = '', ...folders] = prefix.split('/').toReversed()
    const file = { filename: `${name}_00001_.png`, subfolder: folders.toReversed().join('/'), type: 'output' }
    const output = { images: [file] }
    this.#send(client, 'executed', { node: saver, display_node: saver, output, prompt_id: id })
    tell('execution_success')
    const status = { status_str: 'success', completed: true, messages }
    this.#history.set(id, {
      prompt: [number, id, graph, {}, [saver]],
      outputs: { [saver]: output },
      status,
      meta: {},
    })
  }

  /** As long as a prompt takes, with previews. */
  async #take(id: string, client: string, node: string): Promise<void> {
    if (previewsPerSecond === 0) {
      if (milliseconds > 0) await delay(milliseconds)
      return
    }
    const steps = Math.max(1, Math.round((milliseconds / 1000) * previewsPerSecond))
    const metadata = { node_id: node, display_node_id: node, prompt_id: id, image_type: 'image/jpeg' }
    const began = performance.now()
    for (let step = 1; step <= steps; step += 1) {
      // By the clock from the beginning, so that the rate holds.
      await delay(Math.max(0, began + (step * 1000) / previewsPerSecond - performance.now()))
      const progress = { value: step, max: steps, state: 'running', node_id: node, prompt_id: id }
      this.#send(client, 'progress_state', { prompt_id: id, nodes: { [node]: progress } })
      this.#send(client, 'progress', { value: step, max: steps, prompt_id: id, node })
      this.#sockets.get(client)?.send(encodeImageWithMetadata(metadata, preview))
    }
  }
}

const all = Array.from({ length: servers }, () => new LeanServer())
await Promise.all(
  all.map(async ({ http }) => new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))),
)
console.log(all.map(({ http }) => `http://127.0.0.1:${(http.address() as AddressInfo).port}`).join())
process.once('SIGTERM', () => {
  void place.remove().finally(() => process.exit(0))
})
