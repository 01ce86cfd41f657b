// Clients to compare with, as programs: `node clients.js lean|loop URL FOLDER` runs the graphs of FOLDER/graphs.json and
// leaves their images in FOLDER/out. They check nothing, keep no records and survive no fault.
import { randomUUID } from 'node:crypto'
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv, exit } from 'node:process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { WebSocket } from 'ws'

/** @typedef {{ outputs: Record<string, { images?: Record<'filename' | 'subfolder' | 'type', string>[] }> }} HistoryEntry */

const [, , client = '', url = '', folder = ''] = argv
const dispatcher = new Agent({ connections: 8 })
/** @type {import('./work.ts').Graph[]} */
const graphs = JSON.parse(readFileSync(join(folder, 'graphs.json'), 'utf8'))

await (client === 'lean' ? lean() : loop())
exit(0)

/** The plain way: one job at a time, asked for until it is there, then downloaded. */
async function loop() {
  for (const graph of graphs) {
    const promptId = await post(graph, 'bench')
    while (!(await saveImages(promptId))) await delay(5)
  }
}

/** The leanest client that does the job: one socket, two jobs in flight, history and download for each beside the next one's run. */
async function lean() {
  const clientId = randomUUID()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?clientId=${clientId}`, {
    perMessageDeflate: false,
  })
  await new Promise((resolve) => socket.once('open', resolve))
  /** @type {Set<string>} */
  const ended = new Set()
  /** @type {Map<string, () => void>} */
  const waiting = new Map()
  socket.on('message', (/** @type {Buffer} */ message, isBinary) => {
    if (isBinary) return
    const { type, data: content } = JSON.parse(message.toString())
    if (type !== 'executing' || content.node !== null || content.prompt_id === undefined) return
    ended.add(content.prompt_id)
    waiting.get(content.prompt_id)?.()
  })
  /** @type {Promise<unknown>[]} */
  const saving = []
  const work = async () => {
    for (let graph = graphs.shift(); graph; graph = graphs.shift()) {
      const promptId = await post(graph, clientId)
      if (!ended.has(promptId)) {
        /** @type {Promise<void>} */
        const end = new Promise((resolve) => waiting.set(promptId, resolve))
        await end
      }
      saving.push(saveImages(promptId))
    }
  }
  await Promise.all([work(), work()])
  await Promise.all(saving)
}

/** @param {import('./work.ts').Graph} graph @param {string} clientId @returns {Promise<string>} */
async function post(graph, clientId) {
  const { body } = await request(`${url}/prompt`, {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: graph, client_id: clientId }),
  })
  const answer = /** @type {{ prompt_id: string }} */ (await body.json())
  return answer.prompt_id
}

/** @param {string} promptId */
async function saveImages(promptId) {
  const history = await request(`${url}/history/${promptId}`, { dispatcher })
  const entries = /** @type {Record<string, HistoryEntry>} */ (await history.body.json())
  const entry = entries[promptId]
  if (!entry) return false
  for (const { images = [] } of Object.values(entry.outputs)) {
    for (const { filename, subfolder, type } of images) {
      const query = new URLSearchParams({ filename, subfolder, type }).toString()
      const { body } = await request(`${url}/view?${query}`, { dispatcher })
      await pipeline(Readable.from(body), createWriteStream(join(folder, 'out', `${promptId}.png`)))
    }
  }
  return true
}
