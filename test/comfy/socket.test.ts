import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { ServerSocket } from '../../src/comfy/socket.ts'
import { connectServer } from '../../src/comfy/server.ts'
import { accessOf, modernServer, startScripted } from '../rig/scripted-server.ts'

const limit = { timeout: 10_000 }

interface Link {
  readonly socket: ServerSocket
  readonly told: string[]
  readonly sockets: WebSocket[]
  readonly paths: string[]
  readonly firstFrames: string[]
  readonly cut: () => void
  /** Resolves when the listener was told so many things. */
  readonly heard: (count: number) => Promise<void>
}

async function link(t: TestContext): Promise<Link> {
  const told: string[] = []
  const watchers = new Set<() => void>()
  const tell = (what: string): void => {
    told.push(what)
    for (const watch of watchers) watch()
  }
  const sockets: WebSocket[] = []
  const paths: string[] = []
  const firstFrames: string[] = []
  const server = await startScripted(
    t,
    {},
    {
      onSocket: (socket, _headers, path) => {
        sockets.push(socket)
        paths.push(path)
        socket.once('message', (data) => {
          firstFrames.push((data as Buffer).toString())
          tell('flags')
        })
      },
    },
  )
  const socket = new ServerSocket(accessOf(t, server), 'id 1', {
    message: ({ type }) => tell(type),
    frame: ({ kind }) => tell(kind),
    opened: () => tell('opened'),
    lost: (reason) => tell(`lost: ${reason}`),
  })
  t.after(() => socket.close())
  await socket.open()
  const heard = async (count: number): Promise<void> =>
    new Promise((resolve) => {
      const watch = (): void => {
        if (told.length >= count) resolve()
      }
      watchers.add(watch)
      watch()
    })
  return { socket, told, sockets, paths, firstFrames, cut: () => server.cutSockets(), heard }
}

test('the first frame on every connection asks for previews with metadata', limit, async (t) => {
  const { told, firstFrames, cut, heard, paths } = await link(t)
  await heard(2)
  cut()
  await heard(5)
  assert.deepEqual(
    firstFrames.map((text) => JSON.parse(text)),
    [
      { type: 'feature_flags', data: { supports_preview_metadata: true } },
      { type: 'feature_flags', data: { supports_preview_metadata: true } },
    ],
  ) // pitfall 11
  assert.deepEqual(told, ['opened', 'flags', 'lost: the connection was cut', 'opened', 'flags'])
  // One client id for life, so that a running prompt's events go on.
  assert.deepEqual(paths, ['/ws?clientId=id+1', '/ws?clientId=id+1']) // pitfall 14
})

test('texts and frames come in the order of arrival; what is unreadable is skipped', limit, async (t) => {
  const { told, sockets, heard } = await link(t)
  await heard(2)
  sockets[0]?.send('{"type":"a"}')
  sockets[0]?.send(Buffer.from('0000000100000001ff', 'hex'))
  sockets[0]?.send('nonsense')
  sockets[0]?.send(Buffer.from('00', 'hex'))
  sockets[0]?.send('{"type":"b"}')
  await heard(5)
  assert.deepEqual(told.slice(2), ['a', 'image', 'b']) // pitfall 57
})

test('a frame of many megabytes gets through', limit, async (t) => {
  const { told, sockets, heard } = await link(t)
  await heard(2)
  sockets[0]?.send(Buffer.concat([Buffer.from('0000000100000002', 'hex'), Buffer.alloc(20_000_000)]))
  await heard(3)
  assert.equal(told[2], 'image') // pitfall 19
})

test('a socket is pinged; when nothing comes back for long, another is opened', limit, async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { told, sockets, heard } = await link(t)
  await heard(2)
  const [socket] = sockets
  assert.ok(socket)
  let isAnswering = true
  const pinged = async (): Promise<void> =>
    new Promise((resolve) => {
      socket.once('ping', () => resolve())
      t.mock.timers.tick(25_000)
    })
  socket.pong = (...args) => {
    if (isAnswering) WebSocket.prototype.pong.apply(socket, args)
  }
  for (let ping = 0; ping < 10; ping += 1) await pinged()
  assert.deepEqual(told, ['opened', 'flags']) // pitfall 18
  isAnswering = false
  t.mock.timers.tick(5 * 25_000)
  await heard(5)
  assert.match(told[2] ?? '', /^lost/)
})

test('closed for good means no other connection', limit, async (t) => {
  const { socket, sockets, told } = await link(t)
  const closed = new Promise((resolve) => sockets[0]?.once('close', resolve))
  socket.close()
  await closed
  assert.equal(socket.isOpen, false)
  assert.ok(!told.some((what) => what.startsWith('lost')))
})

test('a server without a WebSocket: the client connects all the same', limit, async (t) => {
  const server = await startScripted(t, modernServer)
  const lost: string[] = []
  const client = await connectServer({ url: server.url, onLost: (reason) => lost.push(reason) })
  await client.close()
  assert.equal(lost.length, 1)
})
