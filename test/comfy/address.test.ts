import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpoint, isOwnMachine, parseServerAddress, socketEndpoint } from '../../src/comfy/address.ts'
import { redact } from '../../src/secrets.ts'

test('what a user may write for a server', () => {
  const forms: Record<string, string> = {
    'http://127.0.0.1:8188': 'http://127.0.0.1:8188',
    'http://127.0.0.1:8188/': 'http://127.0.0.1:8188',
    'https://host/comfy': 'https://host/comfy',
    'https://host/comfy/': 'https://host/comfy',
    'http://host': 'http://host',
    'HTTP://HOST:80': 'http://host',
    'host:9000': 'http://host:9000',
    host: 'http://host:8188',
    'host:80': 'http://host',
    'localhost/comfy': 'http://localhost:8188/comfy',
    ':8000': 'http://127.0.0.1:8000',
    '8000': 'http://127.0.0.1:8000',
    '[::1]:8188': 'http://[::1]:8188',
    '[::1]': 'http://[::1]:8188',
    '  host  ': 'http://host:8188',
    'http://host/?a=1#b': 'http://host',
  }
  for (const [text, name] of Object.entries(forms)) assert.equal(parseServerAddress(text).name, name, text)
})

test('what is no server', () => {
  for (const text of ['', 'http://', 'ftp://host', 'ws://host:8188', 'a b', 'host:99999']) {
    assert.throws(() => parseServerAddress(text), { code: 'bad-server-url' }, text)
  }
})

test('a base path survives joining', () => {
  const address = parseServerAddress('https://host/a/comfy') // pitfall 52
  assert.equal(endpoint(address, 'api/jobs/1').href, 'https://host/a/comfy/api/jobs/1')
  assert.equal(endpoint(address, '/prompt').href, 'https://host/a/comfy/prompt')
  assert.equal(socketEndpoint(address, 'id').href, 'wss://host/a/comfy/ws?clientId=id')
  assert.equal(socketEndpoint(parseServerAddress('host'), 'id').href, 'ws://host:8188/ws?clientId=id')
})

test('each query value is encoded', () => {
  const url = endpoint(parseServerAddress('host'), 'view', {
    filename: 'a b&c=%日.png',
    subfolder: '',
    type: 'output',
  })
  assert.equal(url.searchParams.get('filename'), 'a b&c=%日.png') // pitfall 27
  assert.equal(url.searchParams.get('subfolder'), '')
  assert.ok(!url.search.includes('&c='))
})

test('credentials move from the address into a header, and become secrets', () => {
  const address = parseServerAddress('http://me:s%40cret%2Fword@host:8188/x')
  assert.equal(address.name, 'http://host:8188/x') // pitfall 52
  assert.equal(address.base.href, 'http://host:8188/x/')
  assert.equal(address.authorization, `Basic ${Buffer.from('me:s@cret/word').toString('base64')}`)
  assert.equal(redact('got s@cret/word'), 'got ***')
  assert.equal(parseServerAddress('http://host').authorization, undefined)
})

test('a password with a bare percent sign is no reason to fail', () => {
  const { authorization } = parseServerAddress('http://me:100%pure@host')
  assert.equal(authorization, `Basic ${Buffer.from('me:100%pure').toString('base64')}`)
})

test('which addresses are this machine', () => {
  const isOwn = (text: string): boolean => isOwnMachine(parseServerAddress(text).base)
  for (const text of ['8188', 'localhost', 'LOCALHOST:1', '127.0.0.1', '127.1', '0.0.0.0', '[::1]:8188'])
    assert.ok(isOwn(text), text)
  for (const text of ['gpu-a', '192.168.0.1', '12.7.0.1', 'localhost.example.com'])
    assert.ok(!isOwn(text), text)
})
