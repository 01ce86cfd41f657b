import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { folderOf } from '../rig/folder.ts'
import { startComfyRun } from '../rig/rig.ts'
import { filesOf } from './rig/attack.ts'

interface Served {
  readonly url: string
  /** The most memory that it held so far, in megabytes; 0 where the system does not tell. */
  readonly peakMegabytes: () => Promise<number>
}

/** Starts `comfy-run serve` as a user would. */
async function serve(t: TestContext, args: readonly string[] = []): Promise<Served> {
  const { child } = startComfyRun(t, [
    'serve',
    '--port',
    '0',
    '--step-time',
    '0',
    '--folder',
    'served',
    ...args,
  ])
  const { stdout } = child
  assert.ok(stdout)
  const [line] = (await once(stdout, 'data')) as [string]
  return {
    url: line.trim(),
    async peakMegabytes() {
      const { readFile } = await import('node:fs/promises')
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024
    },
  }
}

interface Got {
  readonly status: number
  readonly text: string
}

/** Sends a request as it is told to: `fetch` would mend paths and refuse headers. */
async function ask(
  { url }: Served,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Got> {
  const { hostname, port } = new URL(url)
  const request = httpRequest({ hostname, port, path, method, headers })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }
}

async function post(server: Served, path: string, json: unknown): Promise<Got> {
  const body = typeof json === 'string' ? json : JSON.stringify(json)
  return ask(server, path, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
}

async function upload(server: Served, name: string, fields: Record<string, string>): Promise<Got> {
  const boundary = 'xxxx'
  const parts = Object.entries(fields).map(
    ([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  )
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="${name}"\r\nContent-Type: image/png\r\n\r\nBYTES\r\n`
  const body = `${file}${parts.join('')}--${boundary}--\r\n`
  return ask(server, '/upload/image', {
    method: 'POST',
    body,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
}

const alive = async (server: Served): Promise<void> =>
  assert.equal((await ask(server, '/prompt')).status, 200)

test('serve listens on this machine alone, unless told otherwise', async (t) => {
  const { url } = await serve(t)
  assert.equal(new URL(url).hostname, '127.0.0.1')
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  for (const { address, internal, family } of addresses) {
    if (internal || family !== 'IPv4') continue
    const socket = connect({ host: address, port: Number(new URL(url).port) })
    await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' })
  }
})

test('serve: /view of files outside of its folders', async (t) => {
  writeFileSync(join(folderOf(t), 'secret.txt'), 'SECRET')
  const server = await serve(t)
  writeFileSync(join(folderOf(t), 'served', 'secret.txt'), 'SECRET')
  for (const query of [
    'filename=../secret.txt',
    'filename=..%2Fsecret.txt',
    'filename=%2e%2e/secret.txt',
    'filename=secret.txt&subfolder=..',
    'filename=secret.txt&subfolder=../..',
    'filename=secret.txt&subfolder=a/../..',
    'filename=secret.txt&subfolder=/etc',
    `filename=secret.txt&subfolder=${folderOf(t)}`,
    'filename=/etc/passwd',
    'filename=..\\..\\secret.txt',
    'filename=secret.txt&type=../..',
    'filename=secret.txt&type=__proto__',
    'filename=secret.txt%00.png&subfolder=..',
    'filename=passwd [output]&subfolder=/etc',
    'filename=.&subfolder=..',
  ]) {
    const { status, text } = await ask(server, `/view?${query.replaceAll(' ', '%20')}`)
    assert.ok(status >= 400 && status <= 500, `${status} to ${query}`)
    assert.ok(!text.includes('SECRET') && !text.includes('root:'), query)
  }
  for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '//etc/passwd', '/served/../../secret.txt']) {
    assert.equal((await ask(server, path)).status, 404)
  }
})

test('serve: uploads to places outside of its folders', async (t) => {
  const server = await serve(t)
  for (const [name, fields] of [
    ['../evil.png', {}],
    ['../../evil.png', {}],
    ['/tmp/comfy-run-evil.png', {}],
    ['evil.png', { subfolder: '..' }],
    ['evil.png', { subfolder: '../..' }],
    ['evil.png', { subfolder: '/tmp/comfy-run-evil' }],
    ['evil.png', { subfolder: 'a/../../..' }],
    ['evil.png', { type: '../..' }],
    ['evil.png', { type: '__proto__' }],
    ['..', {}],
    ['.', {}],
    ['e\u0000vil.png', {}],
    ['..\\..\\evil.png', {}],
  ] as [string, Record<string, string>][]) {
    await upload(server, name, { ...fields, overwrite: 'true' })
  }
  const outside = filesOf(t).filter((file) => !/^served[\\/](?:input|output|temp)[\\/]/.test(file))
  assert.deepEqual(outside, [])
  assert.ok(!readdirSync('/tmp').includes('comfy-run-evil.png'))
  await alive(server)
})

test('serve: a graph that saves to, or loads from, places outside of its folders', async (t) => {
  const server = await serve(t)
  const graph = (prefix: string): object => ({
    1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 0 } },
    2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: prefix } },
  })
  const prefixes = [
    '../evil',
    '../../evil',
    '/tmp/comfy-run-evil',
    'a/../../../evil',
    '%2e%2e/evil',
    '..\\..\\evil',
    'x\u0000y',
  ]
  for (const prefix of prefixes) await post(server, '/prompt', { prompt: graph(prefix) })
  for (const image of ['../../secret.png', '/etc/passwd', '../input/../../secret.png']) {
    const load = {
      1: { class_type: 'LoadImage', inputs: { image } },
      2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'a' } },
    }
    assert.equal((await post(server, '/prompt', { prompt: load })).status, 400)
  }
  for (;;) {
    const { text } = await ask(server, '/prompt')
    if (text.includes('"queue_remaining": 0')) break
  }
  const outside = filesOf(t).filter((file) => !/^served[\\/](?:input|output|temp)[\\/]/.test(file))
  assert.deepEqual(outside, [])
})

test('serve: requests that a page from elsewhere sends', async (t) => {
  const server = await serve(t)
  const { host, port } = new URL(server.url)
  const foreign: readonly Record<string, string>[] = [
    { host, origin: 'http://evil.example' },
    { host, origin: `http://127.0.0.1:${Number(port) + 1}` },
    { host: `localhost:${port}`, origin: 'http://evil.example:8188' },
    { host, 'sec-fetch-site': 'cross-site' },
  ]
  for (const headers of foreign) {
    for (const path of ['/prompt', '/queue', '/view?filename=a.png', '/object_info']) {
      assert.equal((await ask(server, path, { headers })).status, 403, JSON.stringify(headers))
    }
    assert.equal((await ask(server, '/interrupt', { method: 'POST', headers })).status, 403)
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers })
    const [error] = (await once(socket, 'error')) as [Error]
    assert.match(error.message, /403/)
  }
})

test('serve: a page whose name is made to mean this machine', async (t) => {
  const server = await serve(t)
  const { port } = new URL(server.url)
  for (const name of [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '192.168.1.2',
    '0x7f000001.evil',
  ]) {
    const headers = {
      host: `${name}:${port}`,
      origin: `http://${name}:${port}`,
      'sec-fetch-site': 'same-origin',
    }
    assert.equal((await ask(server, '/queue', { headers })).status, 403, name)
    assert.equal((await ask(server, '/queue', { headers: { host: name } })).status, 403, name)
  }
  for (const name of ['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST']) {
    assert.equal((await ask(server, '/queue', { headers: { host: `${name}:${port}` } })).status, 200, name)
  }
})

test('serve: bodies that are too large, or have no end', { timeout: 120_000 }, async (t) => {
  const server = await serve(t)
  const announced = await ask(server, '/prompt', {
    method: 'POST',
    headers: { 'content-length': String(2 ** 31) },
  }).catch(() => undefined)
  assert.ok(announced === undefined || announced.status === 413)
  const { hostname, port } = new URL(server.url)
  for (const path of ['/prompt', '/upload/image']) {
    const request = httpRequest({
      hostname,
      port,
      path,
      method: 'POST',
      headers: { 'transfer-encoding': 'chunked' },
    })
    const ended = new Promise<void>((resolve) => {
      request.on('error', () => resolve()).on('close', () => resolve())
      request.on('response', (response: IncomingMessage) => {
        assert.equal(response.statusCode, 413)
        request.destroy()
      })
    })
    const piece = Buffer.alloc(1 << 20)
    const pour = (): void => {
      while (!request.destroyed && request.write(piece));
    }
    request.on('drain', pour)
    pour()
    await ended
  }
  assert.ok((await server.peakMegabytes()) < 700, `${await server.peakMegabytes()} MB`)
  await alive(server)
})

test('serve: JSON that is nested a million deep', { timeout: 120_000 }, async (t) => {
  const server = await serve(t)
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
  for (const body of [
    deep,
    `{"prompt":${deep}}`,
    `{"prompt":{"1":{"class_type":"SaveImage","inputs":{"images":${deep}}}}}`,
    '{"a":'.repeat(1_000_000),
  ]) {
    for (const path of ['/prompt', '/queue', '/history', '/interrupt']) {
      const { status } = await post(server, path, body)
      assert.ok(status >= 200 && status <= 500, String(status))
    }
  }
  await alive(server)
})

test(
  'serve: graphs with cycles, without end, and with keys named __proto__',
  { timeout: 120_000 },
  async (t) => {
    const server = await serve(t)
    const save = (from: string): object => ({
      class_type: 'SaveImage',
      inputs: { images: [from, 0], filename_prefix: 'a' },
    })
    const invert = (from: string): object => ({ class_type: 'ImageInvert', inputs: { image: [from, 0] } })
    const long = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [String(index), invert(String(index + 1))]),
    )
    const graphs = [
      { 1: invert('1'), 9: save('1') },
      { 1: invert('2'), 2: invert('3'), 3: invert('1'), 9: save('1') },
    ]
    for (const prompt of graphs) assert.equal((await post(server, '/prompt', { prompt })).status, 400)
    const chain = { ...long, 20000: invert('0'), end: save('0') }
    assert.ok((await post(server, '/prompt', { prompt: chain })).status >= 400)
    for (const body of [
      '{"prompt":{"__proto__":{"class_type":"SaveImage","inputs":{}}}}',
      '{"prompt":{"1":{"class_type":"__proto__","inputs":{}},"2":{"class_type":"constructor","inputs":{"__proto__":["1",0]}}}}',
      '{"__proto__":{"prompt":{}},"extra_data":{"__proto__":{"client_id":"x"}}}',
    ]) {
      assert.ok((await post(server, '/prompt', body)).status >= 400, body)
    }
    await alive(server)
  },
)

test('serve: images of absurd sizes', { timeout: 120_000 }, async (t) => {
  const server = await serve(t)
  for (const [width, height, batch_size] of [
    [1e9, 1e9, 1],
    [16_384, 16_384, 4096],
    [16_384, 16_384, 1],
    [-1, 0, 0],
  ]) {
    const prompt = {
      1: { class_type: 'EmptyImage', inputs: { width, height, batch_size, color: 0 } },
      2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'a' } },
    }
    await post(server, '/prompt', { prompt })
  }
  for (;;) {
    const { text } = await ask(server, '/prompt')
    if (text.includes('"queue_remaining": 0')) break
  }
  assert.ok((await server.peakMegabytes()) < 1500, `${await server.peakMegabytes()} MB`)
  await alive(server)
})

test('serve: floods of headers', async (t) => {
  const server = await serve(t)
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write('GET /prompt HTTP/1.1\r\nhost: 127.0.0.1\r\n')
  const more = (): void => {
    while (!socket.destroyed && socket.write(`x-${Math.random()}: ${'y'.repeat(10_000)}\r\n`));
  }
  socket.on('drain', more)
  more()
  let answer = ''
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString()
  })
  await new Promise<void>((resolve) => socket.on('close', () => resolve()))
  // A connection that is reset may take the answer with it.
  assert.match(answer, /^$|^HTTP\/1\.1 431/)
  await alive(server)
})

test('serve: many sockets, and large frames on them', { timeout: 120_000 }, async (t) => {
  const server = await serve(t)
  const url = `${server.url.replace('http', 'ws')}/ws?clientId=`
  const sockets = Array.from({ length: 500 }, (_, index) => new WebSocket(`${url}${index}`))
  await Promise.all(sockets.map(async (socket) => once(socket, 'open')))
  const [first] = sockets
  first?.on('error', () => {})
  first?.send(Buffer.alloc(16 * 2 ** 20))
  if (first) assert.equal(((await once(first, 'close')) as [number])[0], 1009)
  await alive(server)
  for (const socket of sockets) socket.terminate()
  assert.ok((await server.peakMegabytes()) < 500, `${await server.peakMegabytes()} MB`)
})
