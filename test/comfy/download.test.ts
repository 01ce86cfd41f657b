import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeAccess } from '../../src/comfy/access.ts'
import { openFile } from '../../src/comfy/download.ts'
import { getJson } from '../../src/comfy/http.ts'
import { bytesOf } from '../rig/bytes-of.ts'
import { accessOf, startScripted } from '../rig/scripted-server.ts'

const file = { node: '9', filename: 'a b.png', subfolder: 'x\\y', type: 'temp' }

test('the three values go out as they came, and nothing that would re-encode', async (t) => {
  const server = await startScripted(t, {
    'GET /view': { headers: { 'content-type': 'image/png' }, body: 'PNG' },
  })
  const { body, length, contentType } = await openFile(accessOf(t, server), file)
  assert.equal((await bytesOf(body)).toString(), 'PNG')
  assert.deepEqual([length, contentType], [3, 'image/png'])
  const [request] = server.requests
  assert.deepEqual(
    [...(request?.query ?? [])],
    [
      ['filename', 'a b.png'],
      ['subfolder', 'x\\y'],
      ['type', 'temp'],
    ],
  ) // pitfalls 27 and 30
})

test('a redirect to another host is followed without our credentials', async (t) => {
  const store = await startScripted(t, { 'GET /signed': { body: 'FILE' } })
  const server = await startScripted(t, {
    'GET /view': { status: 302, headers: { location: `${store.url}/signed?sig=1` }, body: '' },
  })
  const access = accessOf(t, server, { token: 'tok-12345', headers: { 'X-API-Key': 'key-12345' } })
  const { body } = await openFile(access, file)
  assert.equal((await bytesOf(body)).toString(), 'FILE')
  assert.equal(server.requests[0]?.headers['x-api-key'], 'key-12345')
  const { headers } = store.requests[0] ?? {}
  assert.equal(headers?.authorization, undefined) // pitfall 53
  assert.equal(headers?.['x-api-key'], undefined)
})

test('a redirect on the same server keeps them', async (t) => {
  const server = await startScripted(t, {
    'GET /view': { status: 307, headers: { location: '/files/a.png' }, body: '' },
    'GET /files/a.png': { body: 'FILE' },
  })
  const { body } = await openFile(accessOf(t, server, { token: 'tok-12345' }), file)
  assert.equal((await bytesOf(body)).toString(), 'FILE')
  assert.equal(server.requests[1]?.headers.authorization, 'Bearer tok-12345')
})

test('redirects in a circle end', async (t) => {
  const server = await startScripted(t, {
    'GET /view': { status: 302, headers: { location: '/view' }, body: '' },
  })
  await assert.rejects(openFile(accessOf(t, server), file), { code: 'download-failed', message: /circle/ })
  assert.ok(server.requests.length < 10)
})

test('a refusal is the end of it, a fault of the server may pass', async (t) => {
  const rejected = async (status: number): Promise<unknown> => {
    const access = accessOf(t, await startScripted(t, { 'GET /view': { status, body: '' } }))
    return openFile(access, file).catch((error: unknown) => (error as { code: string }).code)
  }
  for (const status of [400, 403]) assert.equal(await rejected(status), 'output-missing')
  assert.equal(await rejected(404), 'output-gone')
  for (const status of [500, 502, 503]) assert.equal(await rejected(status), 'download-failed')
})

test('an answer that is only a part, or nothing, is not taken for the file', async (t) => {
  for (const status of [204, 206, 304, 416]) {
    const access = accessOf(t, await startScripted(t, { 'GET /view': { status, body: '' } }))
    await assert.rejects(openFile(access, file), { code: 'output-missing' }, String(status))
  }
})

test('a cut connection, and a download that is given up', { timeout: 10_000 }, async (t) => {
  const cut = accessOf(t, await startScripted(t, { 'GET /view': { cut: true } }))
  await assert.rejects(openFile(cut, file), { code: 'server-unreachable' })
  const stop = new AbortController()
  const server = await startScripted(t, {
    'GET /view': () => {
      stop.abort()
      return new Promise(() => {})
    },
  })
  await assert.rejects(openFile(accessOf(t, server), file, stop.signal), { name: 'AbortError' })
})

test('however many files are on their way, the server can be asked', async (t) => {
  const serving = new Promise<never>(() => {})
  const server = await startScripted(t, {
    'GET /view': async () => serving,
    'GET /prompt': { json: { exec_info: { queue_remaining: 1 } } },
  })
  const access = accessOf(t, server)
  const files = Array.from({ length: 30 }, async () => openFile(access, file).catch(() => {}))
  assert.deepEqual(await getJson(access, 'prompt'), { exec_info: { queue_remaining: 1 } })
  await closeAccess(access)
  await Promise.all(files)
})
