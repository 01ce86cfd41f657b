import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { capabilitiesOf } from '../../src/comfy/capabilities.ts'
import { uploadFile, type UploadRequest } from '../../src/comfy/upload.ts'
import { accessOf, startScripted, type ScriptedRequest } from '../rig/scripted-server.ts'

const any = capabilitiesOf({}, undefined)
const hash = 'ab'.repeat(32)
const taken = { json: { name: 'x.png', subfolder: 'comfy-run', type: 'input' } }

async function requestOf(t: TestContext, more: Partial<UploadRequest> = {}): Promise<UploadRequest> {
  const folder = await mkdtemp(join(tmpdir(), 'comfy-run-upload-'))
  t.after(async () => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'My "Photo".PNG')
  await writeFile(file, 'picture')
  return { file, hash, ...more }
}

async function formOf(request: ScriptedRequest | undefined): Promise<FormData> {
  const headers = { 'content-type': request?.headers['content-type'] ?? '' }
  return new Response(request?.body.toString('latin1') ?? '', { headers }).formData()
}

test('a file goes under the name of its content into our own folder, and nothing is overwritten', async (t) => {
  const server = await startScripted(t, { 'POST /upload/image': taken })
  const uploaded = await uploadFile(accessOf(t, server), any, await requestOf(t))
  assert.deepEqual(uploaded, { name: 'comfy-run/x.png', bytes: 7 }) // pitfall 32
  const form = await formOf(server.requests[0])
  const image = form.get('image')
  assert.ok(image instanceof File)
  assert.equal(image.name, `${hash.slice(0, 32)}.png`)
  assert.equal(await image.text(), 'picture')
  assert.deepEqual(
    [form.get('type'), form.get('subfolder'), form.get('overwrite')],
    ['input', 'comfy-run', null],
  )
})

test('a mask names the file that it belongs to', async (t) => {
  const server = await startScripted(t, { 'POST /upload/mask': taken })
  const maskFor = { filename: 'a.png', subfolder: 's', type: 'input' }
  await uploadFile(accessOf(t, server), any, await requestOf(t, { maskFor }))
  const form = await formOf(server.requests[0])
  assert.deepEqual(JSON.parse(form.get('original_ref') as string), maskFor)
})

test('a file that is too large is not even sent', async (t) => {
  const server = await startScripted(t, { 'POST /upload/image': taken })
  const small = capabilitiesOf({}, { max_upload_size: 6 })
  await assert.rejects(uploadFile(accessOf(t, server), small, await requestOf(t)), {
    code: 'upload-failed',
    message: /7 bytes, and the server takes 6$/,
    hint: /--max-upload-size/,
  }) // pitfall 31
  assert.equal(server.requests.length, 0)
})

test('a file that the server finds too large', async (t) => {
  const answer = { status: 413, body: 'Maximum request body size 6 exceeded.' }
  const server = await startScripted(t, { 'POST /upload/image': answer })
  await assert.rejects(uploadFile(accessOf(t, server), any, await requestOf(t)), {
    code: 'upload-failed',
    message: /too large.*Maximum request body size 6/,
    hint: /--max-upload-size/,
  })
})

test('a cut connection is tried again: the upload is harmless to repeat', async (t) => {
  let count = 0
  const server = await startScripted(t, {
    'POST /upload/image': () => {
      count += 1
      return count === 1 ? { cut: true } : taken
    },
  })
  assert.equal((await uploadFile(accessOf(t, server), any, await requestOf(t))).name, 'comfy-run/x.png')
  assert.equal(count, 2)
})

test('refused credentials', async (t) => {
  const server = await startScripted(t, { 'POST /upload/image': { status: 401, body: '' } })
  await assert.rejects(uploadFile(accessOf(t, server), any, await requestOf(t)), { code: 'server-refused' })
  assert.equal(server.requests.length, 1)
})
