import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { capabilitiesOf } from '../../src/comfy/capabilities.ts'
import { Uploads } from '../../src/comfy/uploads.ts'
import { folderOf } from '../rig/folder.ts'
import { accessOf, startScripted } from '../rig/scripted-server.ts'

test('each content is uploaded once, a failed one again, and all when the server may have lost them', async (t) => {
  const taken = { json: { name: 'x.png', subfolder: 'comfy-run', type: 'input' } }
  const answers = [{ status: 500, body: 'no' }]
  const server = await startScripted(t, { 'POST /upload/image': () => answers.shift() ?? taken })
  const told: string[] = []
  const uploads = new Uploads(accessOf(t, server), { onUploaded: (_, { name }) => told.push(name) })
  const file = join(folderOf(t), 'photo.png')
  writeFileSync(file, 'picture')
  const upload = async (hash: string) => uploads.get({ file, hash }, capabilitiesOf({}, undefined))
  await assert.rejects(upload('ab'), { code: 'upload-failed' })
  const names = await Promise.all([upload('ab'), upload('ab')])
  assert.equal(names[0], names[1]) // pitfall 33
  await upload('cd')
  assert.equal(server.requests.length, 3)
  assert.deepEqual(told, ['comfy-run/x.png', 'comfy-run/x.png'])
  uploads.clear()
  await upload('ab')
  assert.equal(server.requests.length, 4)
})
