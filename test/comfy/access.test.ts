import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectServer } from '../../src/comfy/server.ts'
import { openAccess, socketProxyAgent } from '../../src/comfy/access.ts'
import { send } from '../../src/comfy/http.ts'
import { redact } from '../../src/secrets.ts'
import { accessOf, modernServer, startScripted } from '../rig/scripted-server.ts'

test('headers, token and user:pass go with HTTP and with the WebSocket', async (t) => {
  const seen: (string | undefined)[] = []
  const server = await startScripted(t, modernServer, {
    onSocket: (_, headers) => seen.push(headers.authorization, String(headers['x-proxy-key'])),
  })
  const client = await connectServer({
    url: server.url,
    token: 'tok-12345',
    headers: { 'X-Proxy-Key': 'k-12345' },
  })
  t.after(async () => client.close())
  for (const { headers } of server.requests) {
    assert.equal(headers.authorization, 'Bearer tok-12345')
    assert.equal(headers['x-proxy-key'], 'k-12345')
  }
  assert.deepEqual(seen, ['Bearer tok-12345', 'k-12345']) // pitfall 52
})

test('an own header outweighs the token, the token user:pass', async (t) => {
  const url = 'http://me:passw0rd@127.0.0.1:1'
  const basic = `Basic ${Buffer.from('me:passw0rd').toString('base64')}`
  const headersOf = (options: Parameters<typeof accessOf>[2]) => accessOf(t, { url }, options).headers
  assert.equal(headersOf({}).authorization, basic)
  assert.equal(headersOf({ token: 't0ken' }).authorization, 'Bearer t0ken')
  assert.equal(
    headersOf({ token: 't0ken', headers: { Authorization: 'Custom x' } }).authorization,
    'Custom x',
  )
})

test('every credential is a secret', () => {
  openAccess({ url: 'http://h', token: 'tok-secret', headers: { 'x-api-key': 'key-secret' } })
  assert.equal(redact('tok-secret and key-secret'), '*** and ***') // pitfall 55
})

test('the forbidden browser headers are never sent', async (t) => {
  const server = await startScripted(t, { 'POST /queue': {} })
  await send(accessOf(t, server), 'POST', 'queue', { json: { delete: [] } })
  const names = Object.keys(server.requests[0]?.headers ?? {})
  for (const name of ['origin', 'referer', 'sec-fetch-site', 'sec-fetch-mode'])
    assert.ok(!names.includes(name))
})

test('a certificate file that is not there', () => {
  assert.throws(() => openAccess({ url: 'https://h', ca: '/nowhere/ca.pem' }), { code: 'file-not-found' })
})

test("this machine's servers are asked without a proxy, others through the one that is named", async (t) => {
  const before = process.env.http_proxy
  process.env.http_proxy = 'http://proxy.example:3128'
  t.after(() => {
    if (before === undefined) delete process.env.http_proxy
    else process.env.http_proxy = before
  })
  for (const url of ['ws://127.0.0.1:8188/ws', 'ws://localhost/ws', 'ws://[::1]:1/ws', 'ws://127.9.9.9/ws']) {
    assert.equal(await socketProxyAgent(new URL(url), {}), undefined, url)
  }
  assert.ok(await socketProxyAgent(new URL('ws://gpu.example:8188/ws'), {}))
})
