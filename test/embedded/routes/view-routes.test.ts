import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { startClient, type Client } from '../client.ts'

async function serverWithFiles(t: TestContext): Promise<Client> {
  const client = await startClient(t)
  mkdirSync(join(client.folder, 'output', 'sub'))
  writeFileSync(join(client.folder, 'output', 'sub', 'a.txt'), 'hello')
  writeFileSync(join(client.folder, 'output', 'page.html'), '<script>')
  const create = {
    width: 4,
    height: 2,
    channels: 4,
    background: { r: 10, g: 20, b: 30, alpha: 0.5 },
  } as const
  writeFileSync(join(client.folder, 'input', 'p.png'), await sharp({ create }).png().toBuffer())
  return client
}

test('a file, parts of it, and nothing if it is known', async (t) => {
  const client = await serverWithFiles(t)
  const path = '/view?filename=a.txt&subfolder=sub'
  const whole = await client.get(path)
  assert.deepEqual([whole.status, whole.text], [200, 'hello'])
  assert.equal(whole.headers.get('content-disposition'), 'filename="a.txt"')
  const parts: ReadonlyArray<readonly [string, number, string]> = [
    ['bytes=1-2', 206, 'el'],
    ['bytes=3-', 206, 'lo'],
    ['bytes=-2', 206, 'lo'],
    ['bytes=0-99', 206, 'hello'],
    ['bytes=9-', 416, ''],
    ['lines=1', 200, 'hello'],
  ]
  for (const [range, status, text] of parts) {
    const part = await client.get(path, { range })
    assert.deepEqual([part.status, part.text], [status, text], range)
  }
  const known = await client.get(path, { 'if-none-match': whole.headers.get('etag') ?? '' })
  assert.deepEqual([known.status, known.text], [304, ''])
})

test('what cannot be had', async (t) => {
  const client = await serverWithFiles(t)
  const cases: ReadonlyArray<readonly [string, number]> = [
    ['', 404],
    ['filename=', 400],
    ['filename=/etc/passwd', 400],
    ['filename=a..b', 400],
    ['filename=a.txt&type=nope', 400],
    ['filename=a.txt&subfolder=../..', 403],
    ['filename=a.txt', 404],
    ['filename=sub', 404],
    ['filename=sub/a.txt', 404],
    ['filename=a.txt&subfolder=sub&preview=webp', 500],
  ]
  for (const [query, status] of cases)
    assert.equal((await client.get(`/view?${query}`)).status, status, query)
})

test('a page is not served as one', async (t) => {
  const client = await serverWithFiles(t)
  const { headers } = await client.get('/view?filename=page.html')
  assert.equal(headers.get('content-type'), 'application/octet-stream')
  assert.match(headers.get('content-disposition') ?? '', /^attachment/)
})

test('smaller forms and single channels of a picture', async (t) => {
  const client = await serverWithFiles(t)
  const picture = async (query: string) => {
    const response = await fetch(`${client.url}/view?filename=p.png+[input]&${query}`)
    return sharp(Buffer.from(await response.arrayBuffer()))
  }
  assert.equal((await (await picture('preview=webp;50')).metadata()).format, 'webp')
  assert.equal((await (await picture('preview=jpeg')).metadata()).format, 'jpeg')
  assert.equal((await (await picture('preview=other')).metadata()).format, 'webp')
  const rgb = await (await picture('channel=rgb')).raw().toBuffer()
  assert.deepEqual([...rgb.subarray(0, 3)], [10, 20, 30])
  const alpha = await (await picture('channel=a')).raw().toBuffer()
  assert.deepEqual([...alpha.subarray(0, 4)], [0, 0, 0, 128])
})
