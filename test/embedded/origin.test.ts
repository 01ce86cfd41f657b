import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Socket } from 'node:net'
import { isForeign, isRefused } from '../../src/embedded/origin.ts'

test('pages from elsewhere are told by what browsers send', () => {
  const cases = [
    [{}, false],
    [{ host: '127.0.0.1:8188' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, true],
    [{ 'sec-fetch-site': 'same-origin' }, false],
    [{ host: '127.0.0.1:8188', origin: 'http://127.0.0.1:8188' }, false],
    [{ host: '127.0.0.1:8188', origin: 'http://127.0.0.1:9000' }, true],
    [{ host: '127.0.0.1:8188', origin: 'http://evil.example' }, true],
    [{ host: 'localhost', origin: 'http://localhost:3000' }, false],
    [{ host: 'LOCALHOST:1', origin: 'http://localhost:1' }, false],
    [{ host: '[::1]:8188', origin: 'http://[::1]:8188' }, false],
    [{ host: '[::1]:8188', origin: 'http://evil.example' }, true],
    [{ host: '127.0.0.1:8188', origin: 'null' }, false],
    // Behind a proxy's name nothing is known.
    [{ host: 'comfy.example', origin: 'http://evil.example' }, false],
  ] as const
  for (const [headers, expected] of cases) assert.equal(isForeign(headers), expected, JSON.stringify(headers))
})

test("over loopback only the machine's own names are heeded", () => {
  const cases = [
    ['127.0.0.1', '127.0.0.1:8188', false],
    ['127.0.0.1', 'localhost', false],
    ['::1', '[::1]:8188', false],
    ['127.0.0.1', undefined, false],
    ['127.0.0.1', 'evil.example:8188', true],
    ['::ffff:127.0.0.1', 'evil.example', true],
    ['127.0.0.1', '127.0.0.1.evil.example', true],
    // Whoever opened it to others is known by whatever name.
    ['192.168.1.2', 'gpu-box:8188', false],
  ] as const
  for (const [localAddress, host, expected] of cases) {
    const request = { headers: host === undefined ? {} : { host }, socket: { localAddress } as Socket }
    assert.equal(isRefused(request), expected, `${host} at ${localAddress}`)
  }
})
