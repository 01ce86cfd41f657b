import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { startClient, type Client } from '../client.ts'

async function upload(
  client: Client,
  fields: Readonly<Record<string, string>>,
  file?: readonly [name: string, bytes: string | Buffer],
  route = 'image',
): Promise<{ status: number; json: JsonObject }> {
  const form = new FormData()
  if (file) form.append('image', new File([file[1]], file[0]))
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const response = await fetch(`${client.url}/upload/${route}`, { method: 'POST', body: form })
  const text = await response.text()
  return { status: response.status, json: text.startsWith('{') ? (JSON.parse(text) as JsonObject) : {} }
}

test('other bytes under the same name get a number, the same bytes none', async (t) => {
  const client = await startClient(t)
  const nameOf = async (bytes: string, fields = {}) =>
    (await upload(client, fields, ['a.b.png', bytes])).json.name
  assert.equal(await nameOf('one'), 'a.b.png')
  assert.equal(await nameOf('one'), 'a.b.png')
  assert.equal(await nameOf('two'), 'a.b (1).png')
  assert.equal(await nameOf('three'), 'a.b (2).png')
  assert.equal(await nameOf('two'), 'a.b (1).png')
  assert.equal(await nameOf('four', { overwrite: 'True' }), 'a.b (3).png')
  assert.equal(await nameOf('five', { overwrite: 'true' }), 'a.b.png')
  assert.equal(readFileSync(join(client.folder, 'input', 'a.b.png'), 'utf8'), 'five')
})

test('folders and names come back as they were sent', async (t) => {
  const client = await startClient(t)
  const sent = await upload(client, { subfolder: 'x/y/', type: 'temp' }, ['日本 "q".png', 'x'])
  assert.deepEqual(sent.json, { name: '日本 %22q%22.png', subfolder: 'x/y/', type: 'temp' })
  assert.ok(existsSync(join(client.folder, 'temp', 'x', 'y', '日本 %22q%22.png')))
})

test('nothing is written outside', async (t) => {
  const client = await startClient(t)
  for (const subfolder of ['..', '../evil', '/etc', 'a/../../b']) {
    assert.equal((await upload(client, { subfolder }, ['x.png', 'x'])).status, 400, subfolder)
  }
  assert.equal((await upload(client, {}, ['../x.png', 'x'])).status, 400)
  assert.ok(!existsSync(join(client.folder, 'x.png')))
})

test('refusals', async (t) => {
  const client = await startClient(t)
  assert.equal((await upload(client, { overwrite: 'true' })).status, 400)
  assert.equal((await client.post('/upload/image', { image: 'x' })).status, 400)
  assert.equal((await upload(client, { type: 'nope' }, ['x.png', 'x'])).status, 500)
  assert.equal((await upload(client, {}, ['nodir/x.png', 'x'])).status, 500)
})

test('a mask becomes the alpha of the original', async (t) => {
  const client = await startClient(t)
  const picture = (alpha: number) =>
    sharp({ create: { width: 4, height: 2, channels: 4, background: { r: 200, g: 0, b: 0, alpha } } })
      .png()
      .toBuffer()
  await upload(client, {}, ['original.png', await picture(1)])
  const reference = (filename: string) => ({
    original_ref: JSON.stringify({ filename, subfolder: '', type: 'input' }),
  })
  const sent = await upload(client, reference('original.png'), ['mask.png', await picture(0)], 'mask')
  assert.equal(sent.status, 200)
  const { data } = await sharp(join(client.folder, 'input', 'mask.png'))
    .raw()
    .toBuffer({ resolveWithObject: true })
  assert.deepEqual([...data.subarray(0, 4)], [200, 0, 0, 0])
  assert.equal(
    (await upload(client, reference('no.png'), ['mask2.png', await picture(0)], 'mask')).status,
    200,
  )
  assert.ok(!existsSync(join(client.folder, 'input', 'mask2.png')))
})
