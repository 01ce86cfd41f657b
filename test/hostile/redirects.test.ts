import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { MockAgent } from 'undici'
import { openAccess } from '../../src/comfy/access.ts'
import { openFile } from '../../src/comfy/download.ts'
import { assertExit } from '../rig/rig.ts'
import { assertRefused, attacked, filesOf, txt2img, type Attacked } from './rig/attack.ts'
import {
  certificate,
  redirectTo,
  startHostile,
  type HostileServer,
  type Hostility,
} from './rig/hostile-server.ts'

const secrets = ['pass-7f3a', 'key-91bc', 'tok-55de']
const credentials = [
  ['--header', 'X-Api-Key: key-91bc'],
  ['--header', 'Cookie: session=key-91bc'],
].flat()

/** Runs against a server that sends us to a second one; neither that nor any text may see a secret. */
async function sentElsewhere(
  t: TestContext,
  hostility: (other: string) => Hostility,
  args: readonly string[] = [],
): Promise<{ run: Attacked; other: HostileServer; server: HostileServer }> {
  const other = await startHostile(t)
  const server = await startHostile(t, hostility(other.url))
  const url = server.url.replace('://', '://user:pass-7f3a@')
  const run = await txt2img(t, { url }, [...credentials, '--name', 'fox', ...args])
  const basic = Buffer.from('user:pass-7f3a').toString('base64')
  for (const { headers } of other.requests) {
    const text = JSON.stringify(headers)
    for (const secret of [...secrets, basic]) assert.ok(!text.includes(secret), text)
  }
  assert.equal(server.requests[0]?.headers.authorization, `Basic ${basic}`)
  return { run, other, server }
}

test('/view redirects to another origin', async (t) => {
  const { run, other } = await sentElsewhere(t, (url) => ({
    routes: { 'GET /view': redirectTo(() => `${url}/view?signature=1`) },
  }))
  assertExit(run, 0)
  assert.deepEqual(
    other.requests.map(({ route }) => route),
    ['GET /view'],
  )
})

test('/view redirects to another origin that has a password in its address', async (t) => {
  const { run, other } = await sentElsewhere(t, (url) => ({
    routes: { 'GET /view': redirectTo(() => `${url.replace('://', '://a:b@')}/view`) },
  }))
  assertExit(run, 0)
  assert.equal(other.requests[0]?.headers['x-api-key'], undefined)
})

test('/view redirects to another origin, which redirects back', async (t) => {
  let home = ''
  const other = await startHostile(t, { routes: { 'GET /view': redirectTo(() => `${home}/back`) } })
  const server = await startHostile(t, {
    routes: {
      'GET /view': redirectTo(() => `${other.url}/view`),
      'GET /back': (_, response) => void response.writeHead(404).end(),
    },
  })
  home = server.url
  assertRefused(await txt2img(t, server, ['--token', 'tok-55de']), 1, 'output-gone')
  assert.equal(other.requests[0]?.headers.authorization, undefined)
})

test('/prompt redirects to another origin', async (t) => {
  for (const status of [302, 307, 308]) {
    const { run, other } = await sentElsewhere(t, (url) => ({
      routes: {
        'POST /prompt': redirectTo(() => `${url}/prompt`, status),
        'GET /api/jobs/*': (_, response) => void response.writeHead(404).end(),
      },
    }))
    assertRefused(run, 4, 'not-comfyui')
    assert.equal(other.requests.length, 0)
  }
})

test('/upload/image redirects to another origin', async (t) => {
  const image = await startHostile(t)
  assertExit(await txt2img(t, image, ['--name', 'in']), 0)
  const other = await startHostile(t)
  const server = await startHostile(t, {
    routes: { 'POST /upload/image': redirectTo(() => `${other.url}/upload/image`, 307) },
  })
  const args = ['img2img', 'a fox', '--image', 'out/in.png', '--server', server.url, '--token', 'tok-55de']
  assertRefused(await attacked(t, args), 4, 'not-comfyui')
  assert.equal(other.requests.length, 0)
})

test('/ws redirects to another origin', async (t) => {
  const { run, other } = await sentElsewhere(t, (url) => ({
    onUpgrade: (_, stream) =>
      void stream.end(
        `HTTP/1.1 302 Found\r\nlocation: ${url.replace('http', 'ws')}/ws\r\ncontent-length: 0\r\n\r\n`,
      ),
  }))
  // Without a socket the job is followed by asking.
  assertExit(run, 0)
  assert.equal(other.requests.length, 0)
})

test('every other route redirects to another origin', async (t) => {
  for (const route of ['GET /system_stats', 'GET /history/*']) {
    const { run, other } = await sentElsewhere(t, (url) => ({
      routes: { [route]: redirectTo(({ pathname }) => `${url}${pathname}`) },
    }))
    assertRefused(run, 4, 'not-comfyui')
    assert.equal(other.requests.length, 0)
  }
})

test('/view redirects in a circle', async (t) => {
  const { run, server } = await sentElsewhere(
    t,
    () => ({
      routes: { 'GET /view': redirectTo(({ pathname }) => `${pathname}?again`) },
    }),
    ['--retries', '0'],
  )
  assertRefused(run, 1, 'download-failed')
  assert.ok(server.requests.length < 40)
})

test('/view redirects to file:, data: or nonsense', async (t) => {
  for (const place of [
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'ftp://a/b',
    'http://[::1',
    'javascript:1',
  ]) {
    const server = await startHostile(t, { routes: { 'GET /view': redirectTo(() => place) } })
    assertRefused(await txt2img(t, server), 1, 'output-missing')
  }
  assert.deepEqual(filesOf(t), [])
})

test('/view redirects from https to http', async (t) => {
  const other = await startHostile(t)
  const routes = { 'GET /view': redirectTo(() => `${other.url}/view`) }
  const server = await startHostile(t, { tls: true, routes })
  assertRefused(await txt2img(t, server, ['--ca', certificate]), 1, 'output-missing')
  assert.equal(other.requests.length, 0)
})

test('/view of a server elsewhere redirects to a program on this machine', async (t) => {
  const own = await startHostile(t)
  const agent = new MockAgent()
  t.after(async () => agent.close())
  const access = { ...openAccess({ url: 'http://gpu.example' }), fileDispatcher: agent }
  const file = { node: '9', filename: 'a.png', subfolder: '', type: 'output' }
  const { port } = new URL(own.url)
  for (const host of [
    'localhost',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    '169.254.169.254',
    'a.localhost',
    'localhost.',
  ]) {
    agent
      .get('http://gpu.example')
      .intercept({ path: /^\/view/ })
      .reply(302, '', { headers: { location: `http://${host}:${port}/view` } })
    await assert.rejects(openFile(access, file), { code: 'output-missing', message: /on this machine/ }, host)
  }
  assert.equal(own.requests.length, 0)
})
