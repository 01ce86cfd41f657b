import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { WebSocket } from 'ws'

interface ServerImage {
  readonly filename: string
  readonly subfolder: string
  readonly type: string
}

const dispatcher = new Agent({ connections: 8 })

async function post(url: string, graph: object, clientId: string): Promise<string> {
  const { body } = await request(`${url}/prompt`, {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: graph, client_id: clientId }),
  })
  return ((await body.json()) as { prompt_id: string }).prompt_id
}

async function json(url: string): Promise<Record<string, unknown>> {
  const { body } = await request(url, { dispatcher })
  return (await body.json()) as Record<string, unknown>
}

/** Posts every graph at once and fetches nothing: what the server can do at best. Resolves when its queue is empty. */
export async function postAll(url: string, graphs: readonly object[]): Promise<void> {
  for (const graph of graphs) await post(url, graph, 'bench')
  while (((await json(`${url}/prompt`))['exec_info'] as { queue_remaining: number }).queue_remaining > 0) {
    // Rarely: each question takes some of the server's time.
    await delay(20)
  }
}

async function saveImages(url: string, promptId: string, folder: string): Promise<boolean> {
  const entry = (await json(`${url}/history/${promptId}`))[promptId] as
    | { outputs: Record<string, { images?: readonly ServerImage[] }> }
    | undefined
  if (!entry) return false
  for (const { images = [] } of Object.values(entry.outputs)) {
    for (const { filename, subfolder, type } of images) {
      const query = new URLSearchParams({ filename, subfolder, type }).toString()
      const { body } = await request(`${url}/view?${query}`, { dispatcher })
      await pipeline(Readable.from(body), createWriteStream(join(folder, `${promptId}.png`)))
    }
  }
  return true
}

/** The plain way: one job at a time, asked for until it is there, then downloaded. */
export async function plainLoop(url: string, graphs: readonly object[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const graph of graphs) {
    const promptId = await post(url, graph, 'bench')
    while (!(await saveImages(url, promptId, folder))) await delay(5)
  }
}

/**
 * The leanest client that does the job: one socket, two jobs in flight, history and download for each beside the next
 * one's run. It checks nothing, keeps no records and survives no fault.
 */
export async function leanClient(url: string, graphs: readonly object[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const clientId = randomUUID()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?clientId=${clientId}`, {
    perMessageDeflate: false,
  })
  await new Promise((resolve) => socket.once('open', resolve))
  const left = [...graphs]
  const saving: Promise<unknown>[] = []
  const ended = new Set<string>()
  const waiting = new Map<string, () => void>()
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return
    const { type, data: content } = JSON.parse(data.toString()) as {
      type: string
      data: { node?: string | null; prompt_id?: string }
    }
    if (type !== 'executing' || content.node !== null || content.prompt_id === undefined) return
    ended.add(content.prompt_id)
    waiting.get(content.prompt_id)?.()
  })
  const work = async (): Promise<void> => {
    for (let graph = left.shift(); graph; graph = left.shift()) {
      const promptId = await post(url, graph, clientId)
      if (!ended.has(promptId)) await new Promise<void>((resolve) => waiting.set(promptId, resolve))
      saving.push(saveImages(url, promptId, folder))
    }
  }
  await Promise.all([work(), work()])
  await Promise.all(saving)
  socket.terminate()
}
