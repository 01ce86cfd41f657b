import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connectServer } from '../../src/comfy/server.ts'
import { isUnreachable, unreachable } from '../../src/comfy/unreachable.ts'
import { ComfyRunError } from '../../src/errors.ts'
import { startScripted } from '../rig/scripted-server.ts'

test('nothing listens there', async () => {
  const placeholder = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => placeholder.once('listening', resolve))
  const { port } = placeholder.address() as AddressInfo
  await new Promise((resolve) => placeholder.close(resolve))
  await assert.rejects(connectServer({ url: `http://127.0.0.1:${port}` }), {
    code: 'server-unreachable',
    message: `no ComfyUI at http://127.0.0.1:${port}: nothing listens there`,
    hint: /--server/,
  })
})

test('a connection that is cut', async (t) => {
  const server = await startScripted(t, { 'GET /system_stats': { cut: true } })
  await assert.rejects(connectServer({ url: server.url }), {
    code: 'server-unreachable',
    message: /the connection was cut$/,
  })
})

test('the reason is found in causes and in attempts at several addresses', () => {
  const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
  const both = new AggregateError([new Error('y'), refused])
  const wrapped = new TypeError('fetch failed', { cause: both })
  assert.match(unreachable('S', wrapped).message, /^no ComfyUI at S: nothing listens there$/)
})

test('a certificate is a matter of --ca or --insecure', () => {
  for (const code of [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ]) {
    const error = unreachable('S', Object.assign(new Error('tls'), { code }))
    assert.match(error.hint ?? '', /--ca.*--insecure/, code)
  }
})

test('an unknown reason is given in its own words', () => {
  assert.equal(unreachable('S', new Error('odd')).message, 'no ComfyUI at S: odd')
  assert.equal(unreachable('S', 'text').message, 'no ComfyUI at S: text')
})

test('only failed connections count as unreachable', () => {
  assert.equal(isUnreachable(unreachable('S', new Error('x'))), true)
  assert.equal(isUnreachable(new ComfyRunError('not-comfyui', 'x')), false)
  assert.equal(isUnreachable(new Error('x')), false)
})
