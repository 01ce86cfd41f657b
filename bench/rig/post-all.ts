import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { WebSocket } from 'ws'
import type { Graph } from './work.ts'

/** What any client gets from the server for its prompts, besides their being run. */
export interface Fetching {
  /** Listens on a socket, so that the server sends the messages of every prompt, and fetches each image when it is told of. */
  readonly images: boolean
}

const dispatcher = new Agent({ connections: 8 })

/**
 * Posts every graph at once: what the server can do at best. Resolves when its queue is empty, and every image that is to
 * be fetched has come; none is kept.
 */
export async function postAll(
  url: string,
  graphs: readonly Graph[],
  { images }: Fetching = { images: false },
): Promise<void> {
  const clientId = randomUUID()
  const ending = images ? await fetchImages(url, clientId, graphs.length) : undefined
  for (const graph of graphs) await post(url, graph, clientId)
  while ((await remaining(url)) > 0) {
    // Rarely: each question takes some of the server's time.
    await delay(20)
  }
  await ending?.()
}

async function post(url: string, graph: Graph, clientId: string): Promise<void> {
  const { body } = await request(`${url}/prompt`, {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: graph, client_id: clientId }),
  })
  await body.dump()
}

async function remaining(url: string): Promise<number> {
  const { body } = await request(`${url}/prompt`, { dispatcher })
  return ((await body.json()) as { exec_info: { queue_remaining: number } }).exec_info.queue_remaining
}

interface Executed {
  readonly type: string
  readonly data: { readonly output: { readonly images: readonly Record<string, string>[] } }
}

/** Fetches what a socket tells of. What is returned waits for the images of so many prompts. */
async function fetchImages(url: string, clientId: string, prompts: number): Promise<() => Promise<void>> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?clientId=${clientId}`, {
    perMessageDeflate: false,
  })
  await new Promise((resolve) => socket.once('open', resolve))
  const fetching: Promise<unknown>[] = []
  const told = new Promise<void>((resolve) => {
    let count = 0
    socket.on('message', (data: Buffer, isBinary) => {
      const text = isBinary ? '' : data.toString()
      if (!text.startsWith('{"type": "executed"') && !text.startsWith('{"type":"executed"')) return
      const { images } = (JSON.parse(text) as Executed).data.output
      for (const image of images) {
        const query = new URLSearchParams(image).toString()
        fetching.push(request(`${url}/view?${query}`, { dispatcher }).then(async ({ body }) => body.dump()))
      }
      if (++count === prompts) resolve()
    })
  })
  return async () => {
    await told
    await Promise.all(fetching)
    socket.terminate()
  }
}
