import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isForeign } from '../../src/embedded/origin.ts'

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
