import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getJson, jsonOf, send, snippet, unexpected } from '../../src/comfy/http.ts'
import { accessOf, startScripted } from '../rig/scripted-server.ts'

const answer = (status: number, text = '', contentType = 'text/plain') => ({ status, text, contentType })

test('any status is an answer', async (t) => {
  const server = await startScripted(t, { 'GET /a': { status: 500, body: 'Server got itself in trouble' } })
  const { status, text } = await send(accessOf(t, server), 'GET', 'a')
  assert.deepEqual([status, text], [500, 'Server got itself in trouble'])
})

test('JSON goes out with exact integers', async (t) => {
  const server = await startScripted(t, { 'POST /a': {} })
  await send(accessOf(t, server), 'POST', 'a', { json: { seed: 18446744073709551615n } })
  assert.equal(String(server.requests[0]?.body), '{"seed":18446744073709551615}') // pitfall 21
  assert.equal(server.requests[0]?.headers['content-type'], 'application/json')
})

test('a base path goes before every route', async (t) => {
  const server = await startScripted(t, { 'GET /comfy/queue': { json: { ok: 1 } } })
  const access = accessOf(t, { url: `${server.url}/comfy` })
  assert.deepEqual(await getJson(access, 'queue'), { ok: 1 }) // pitfall 52
})

test('Retry-After in seconds; a date or nonsense is none', async (t) => {
  const server = await startScripted(t, {
    'GET /seconds': { status: 429, headers: { 'retry-after': '7' } },
    'GET /date': { status: 429, headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } },
    'GET /none': { status: 429 },
    'GET /ages': { status: 429, headers: { 'retry-after': '99999999999' } },
  })
  const access = accessOf(t, server)
  assert.equal((await send(access, 'GET', 'seconds')).retryAfter, 7)
  assert.equal((await send(access, 'GET', 'date')).retryAfter, undefined)
  assert.equal((await send(access, 'GET', 'none')).retryAfter, undefined)
  assert.equal((await send(access, 'GET', 'ages')).retryAfter, 600)
})

test('a server that does not answer in time', { timeout: 10_000 }, async (t) => {
  const server = await startScripted(t, { 'GET /a': () => new Promise(() => {}) })
  await assert.rejects(send(accessOf(t, server, { answerTimeout: 0.001 }), 'GET', 'a'), {
    code: 'server-unreachable',
    message: /did not answer in time$/,
  })
})

test('a request that is given up is no failed connection', { timeout: 10_000 }, async (t) => {
  const stop = new AbortController()
  const server = await startScripted(t, {
    'GET /a': () => {
      stop.abort()
      return new Promise(() => {})
    },
  })
  await assert.rejects(send(accessOf(t, server), 'GET', 'a', { signal: stop.signal }), { name: 'AbortError' })
})

test('what is no JSON object is unexpected', async (t) => {
  const server = await startScripted(t, {
    'GET /list': { body: '[]' },
    'GET /text': { body: 'hello' },
    'GET /nan': { body: '{"a":NaN}' },
  })
  const access = accessOf(t, server)
  await assert.rejects(getJson(access, 'list'), { code: 'not-comfyui' })
  await assert.rejects(getJson(access, 'text'), { code: 'not-comfyui', message: /: hello$/ }) // pitfall 3
  assert.deepEqual(await getJson(access, 'nan'), { a: null }) // pitfall 20
})

test('the error for an unexpected answer', async (t) => {
  const access = accessOf(t, { url: 'http://host:1' })
  const of = (...given: Parameters<typeof answer>) => unexpected(access, 'GET /x', answer(...given))
  assert.equal(of(403).code, 'server-refused')
  assert.equal(of(407).code, 'server-refused')
  assert.equal(of(404).code, 'not-comfyui')
  assert.equal(of(503, 'busy').code, 'server-unreachable')
  assert.equal(of(200, '', 'text/html').message, 'http://host:1 answered GET /x with HTTP 200 and a web page')
  assert.match(of(200, ' <!DOCTYPE html>').hint ?? '', /login page/) // pitfall 54
})

test('a body in an error is one short line', () => {
  assert.equal(snippet(answer(500, ' a\n\n b ')), 'a b')
  assert.equal(snippet(answer(500, 'x'.repeat(1000))).length, 200)
  assert.equal(jsonOf(answer(200, '<html>')), undefined)
})

test('too many requests: the server is busy, and the error says how long', async (t) => {
  const server = await startScripted(t, { 'GET /a': { status: 429, headers: { 'retry-after': '7' } } })
  await assert.rejects(getJson(accessOf(t, server), 'a'), {
    code: 'server-unreachable',
    cause: { retryAfter: 7 },
  })
})
