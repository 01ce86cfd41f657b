import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { startClient } from './client.ts'

test('every route is also below /api, jobs only there', async (t) => {
  const client = await startClient(t)
  for (const path of ['/prompt', '/api/prompt', '/queue', '/api/queue', '/api/features', '/api/jobs']) {
    assert.equal((await client.get(path)).status, 200, path)
  }
  assert.equal((await client.get('/jobs')).status, 404)
})

test('an unknown path is 404 without a body, or 405', async (t) => {
  const client = await startClient(t)
  const missing = await client.get('/nope')
  assert.deepEqual([missing.status, missing.text], [404, ''])
  const refused = await client.post('/nope', {})
  assert.deepEqual([refused.status, refused.text], [405, '405: Method Not Allowed'])
  assert.equal(refused.headers.get('allow'), 'GET,HEAD')
})

test('what a handler trips over is 500 in words', async (t) => {
  const client = await startClient(t)
  for (const path of ['/prompt', '/queue', '/history', '/free']) {
    const { status, text } = await client.post(path, 'not JSON')
    assert.deepEqual([status, text], [500, '500 Internal Server Error\n\nServer got itself in trouble'], path)
  }
  assert.equal((await client.get('/%ff')).status, 404)
  assert.equal((await client.get('/history/%ff')).status, 500)
})

test('a body beyond the limit is 413', async (t) => {
  const client = await startClient(t)
  const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(client.url)
    const headers = { 'content-length': 104_857_601 }
    const sent = request({ hostname, port, path: '/prompt', method: 'POST', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => {
        resolve({ status: response.statusCode, text })
        sent.destroy()
      })
    })
    sent.on('error', reject)
    // Only the head: the server refuses by the length it announces.
    sent.flushHeaders()
  })
  assert.deepEqual(answer, { status: 413, text: 'Maximum request body size 104857600 exceeded.' })
})
