import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { capabilitiesOf, probe, probeFirmly } from '../../src/comfy/capabilities.ts'
import { openFile } from '../../src/comfy/download.ts'
import { getJson } from '../../src/comfy/http.ts'
import type { JsonObject } from '../../src/protocol/json.ts'
import { accessOf, modernServer, startScripted } from '../rig/scripted-server.ts'

const version = (comfyui_version: string) => capabilitiesOf({ system: { comfyui_version } }, undefined)

test('what came with which version', () => {
  const table = (text: string): string => {
    const { targetedInterrupt, jobs, jobsCancel } = version(text)
    return [targetedInterrupt && 'interrupt by id', jobs && 'jobs', jobsCancel && 'cancel']
      .filter(Boolean)
      .join(', ')
  }
  assert.equal(table('0.3.56'), '')
  assert.equal(table('0.3.57'), 'interrupt by id')
  assert.equal(table('0.3.100'), 'interrupt by id')
  assert.equal(table('0.5.1'), 'interrupt by id')
  assert.equal(table('0.6.0'), 'interrupt by id, jobs')
  assert.equal(table('0.25.9'), 'interrupt by id, jobs')
  assert.equal(table('0.26.0'), 'interrupt by id, jobs, cancel')
  assert.equal(table('v1.0'), 'interrupt by id, jobs, cancel')
})

test('an unknown version counts as the oldest', () => {
  const answers: JsonObject[] = [
    {},
    { system: {} },
    { system: { comfyui_version: 3 } },
    { system: { comfyui_version: 'main' } },
  ]
  for (const stats of answers) {
    const { jobs, jobsCancel, targetedInterrupt } = capabilitiesOf(stats, undefined)
    assert.deepEqual([jobs, jobsCancel, targetedInterrupt], [false, false, false])
  }
})

test('flags', () => {
  assert.deepEqual(
    capabilitiesOf(
      { system: { comfy_run: {} } },
      { supports_preview_metadata: true, max_upload_size: 5, extension: {} },
    ),
    {
      rehearsal: true,
      jobs: false,
      jobsCancel: false,
      targetedInterrupt: false,
      previewMetadata: true,
      maxUploadBytes: 5,
    },
  )
  // Anything but true is no.
  assert.equal(capabilitiesOf({}, { supports_preview_metadata: 1 }).previewMetadata, false)
})

test('a server before 0.3.45 has no /features', async (t) => {
  const server = await startScripted(t, {
    'GET /system_stats': { json: { system: { comfyui_version: '0.3.30' } } },
  })
  assert.deepEqual(await probe(accessOf(t, server)), {
    version: '0.3.30',
    rehearsal: false,
    jobs: false,
    jobsCancel: false,
    targetedInterrupt: false,
    previewMetadata: false,
  })
})

test('a new server', async (t) => {
  const { previewMetadata, maxUploadBytes } = await probe(accessOf(t, await startScripted(t, modernServer)))
  assert.deepEqual([previewMetadata, maxUploadBytes], [true, 104_857_600])
})

test('a login page in front of it is no ComfyUI', async (t) => {
  const page = { headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><title>Log in</title>' }
  const access = accessOf(t, await startScripted(t, { 'GET /system_stats': page }))
  await assert.rejects(probe(access), { code: 'not-comfyui', message: /a web page/, hint: /login page/ }) // pitfall 54
})

test('a refusal asks for credentials', async (t) => {
  for (const status of [401, 403]) {
    const access = accessOf(t, await startScripted(t, { 'GET /system_stats': { status, body: '' } }))
    await assert.rejects(probe(access), { code: 'server-refused', hint: /--token/ })
  }
})

test('a gateway without its server', async (t) => {
  const page = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' }
  const access = accessOf(t, await startScripted(t, { 'GET /system_stats': page }))
  await assert.rejects(probe(access), { code: 'server-unreachable', message: /HTTP 502 and a web page/ })
})

test('the first file comes over a connection that the question has opened', async (t) => {
  const server = await startScripted(t, { ...modernServer, 'GET /view': { body: 'bytes' } })
  const access = accessOf(t, server)
  await probe(access)
  // A connection is free again in the turn of the event loop after that in which its answer was read.
  await turn()
  const file = { filename: 'fox.png', subfolder: '', type: 'output', node: '1' } as const
  const { body } = await openFile(access, file)
  for await (const chunk of body) assert.equal(Buffer.from(chunk).toString(), 'bytes')
  await turn()
  await getJson(access, 'features')
  assert.equal(server.connections, 2)
})

test('a connection that is cut once, or a gateway that stumbles, is asked again', async (t) => {
  const faults = [{ cut: true }, { status: 502, body: '<html>Bad Gateway</html>' }]
  const server = await startScripted(t, {
    ...modernServer,
    'GET /system_stats': () => faults.shift() ?? { json: { system: { comfyui_version: '0.33.0' } } },
  })
  assert.equal((await probeFirmly(accessOf(t, server))).version, '0.33.0')
  assert.equal(server.to('GET /system_stats').length, 3)
})

test('nobody is asked again for who does not want to know any more', async (t) => {
  const server = await startScripted(t, { 'GET /system_stats': { cut: true }, 'GET /features': { json: {} } })
  await assert.rejects(probeFirmly(accessOf(t, server), AbortSignal.abort()), { code: 'server-unreachable' })
  assert.equal(server.to('GET /system_stats').length, 1)
})

test('who refuses us is asked once', async (t) => {
  const server = await startScripted(t, { 'GET /system_stats': { status: 401, body: '' } })
  await assert.rejects(probeFirmly(accessOf(t, server)), { code: 'server-refused' })
  assert.equal(server.requests.length, 1)
})
