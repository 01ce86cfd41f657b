import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openFile } from '../../src/comfy/download.ts'
import { getJson, send } from '../../src/comfy/http.ts'
import { fetchQueue, readRecord, readTruth } from '../../src/comfy/truth.ts'
import { uploadFile } from '../../src/comfy/upload.ts'
import { asComfyRunError } from '../../src/error-data.ts'
import { stringifyJson } from '../../src/protocol/json.ts'
import { readHistoryEntry } from '../../src/protocol/history.ts'
import { isJsonObject } from '../../src/protocol/json.ts'
import { bytesOf } from '../rig/bytes-of.ts'
import { answerOf, bodyOf, exchanges, readScenario, type HttpEvent } from '../rig/golden.ts'
import { accessTo, connectTo, replayRuns } from '../rig/golden-runs.ts'
import { startReplay } from '../rig/replay.ts'

const limit = { timeout: 10_000 }

test('what a client makes of every recorded answer to an upload', limit, async (t) => {
  const scenario = readScenario('03a-upload-variants')
  const replay = await startReplay(t, scenario)
  const access = accessTo(t, replay)
  const { capabilities } = await connectTo(t, replay)
  const folder = await mkdtemp(join(tmpdir(), 'comfy-run-upload-'))
  t.after(async () => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'a.png')
  await writeFile(file, 'bytes')
  const concluded: Record<string, string> = {}
  for (const event of scenario.events as readonly HttpEvent[]) {
    if (event.method !== 'POST') continue
    const isMask = event.path === '/upload/mask'
    const request = {
      file,
      hash: '0',
      ...(isMask && { maskFor: { filename: 'x', subfolder: '', type: 'input' } }),
    }
    concluded[event.case ?? ''] = await uploadFile(access, capabilities, request).then(
      ({ name }) => name,
      (error: unknown) => asComfyRunError(error).message.replace(file, 'FILE'),
    )
  }
  const refused = (answer: string): string => `the server did not take FILE: HTTP ${answer}`
  assert.deepEqual(concluded, {
    // pitfall 32: the returned name, whatever it is
    'new name': 'golden_71701.png',
    'same name, same bytes': 'golden_71701.png',
    'same name, other bytes, no overwrite': 'golden_71701 (1).png',
    'same name, third bytes, no overwrite': 'golden_71701 (2).png',
    'bytes equal to the (1) copy, no overwrite': 'golden_71701 (1).png',
    'overwrite=true': 'golden_71701.png',
    'overwrite=false, same bytes': 'golden_71701.png',
    'overwrite=True (capital)': 'golden_71701.png',
    'subfolder golden/sub': 'golden/sub/golden_71701.png',
    'subfolder with trailing slash': 'golden/sub/golden_71701.png',
    'type=temp': 'golden/golden_71701.png',
    'non-ASCII file name': 'héllo 日本.png',
    'quote in file name': 'a%22b.png',
    'subfolder escapes': refused('400'),
    'unknown type': refused('500 500 Internal Server Error Server got itself in trouble'),
    'no image field': refused('400'),
    'slash in filename, folder missing': refused(
      '500 500 Internal Server Error Server got itself in trouble',
    ),
    'JSON body instead of multipart': refused('400'),
    'mask for an existing input': 'golden_mask.png',
    'mask for a missing input': 'golden_mask2.png',
  })
  // The mask for a missing original answered 200, and wrote nothing.
  const mask = { node: '1', filename: 'golden_mask2.png', subfolder: '', type: 'input' }
  await assert.rejects(openFile(access, mask), { code: 'output-gone' })
})

test('a cached run whose file is gone: the success is found to be none', limit, async (t) => {
  const scenario = readScenario('02d-cached-file-gone')
  const { runs, server } = await replayRuns(t, '02d-cached-file-gone')
  const [file] = runs[1]?.outcome?.files ?? []
  assert.ok(file)
  await assert.rejects(server.openFile(file), { code: 'output-gone', hint: /gone/ }) // pitfall 23
  // The first run's file was still there.
  const again = await startReplay(t, scenario)
  const other = await connectTo(t, again)
  const { body, length } = await other.openFile(file)
  const [view] = exchanges(scenario, 'GET', '/view')
  assert.ok(view)
  assert.deepEqual(await bytesOf(body), bodyOf(view))
  assert.equal(length, bodyOf(view).length)
})

test('every recorded way to ask for a file', limit, async (t) => {
  const scenario = readScenario('16c-view')
  const { server } = await replayRuns(t, '16c-view')
  const file = { node: '2', filename: 'sub_00002_.png', subfolder: 'g16c', type: 'output' }
  const whole = exchanges(scenario, 'GET', '/view').find(({ status }) => status === 200)
  assert.ok(whole)
  const { body, contentType } = await server.openFile(file)
  assert.deepEqual(await bytesOf(body), bodyOf(whole))
  assert.equal(contentType, 'image/png')
  const marked = await server.openFile({ ...file, filename: 'sub_00002_.png [output]' })
  assert.deepEqual(await bytesOf(marked.body), bodyOf(whole))
  const refusals = [
    [{ filename: 'missing.png', subfolder: '' }, 404],
    [{ filename: 'missing.png', subfolder: '../..' }, 403],
    [{ subfolder: 'nope' }, 404],
    [{ type: 'nope' }, 400],
    [{ filename: '../x.png', subfolder: '' }, 400],
    [{ filename: 'a..b.png', subfolder: '' }, 400], // pitfall 27
    [{ filename: '/etc/passwd', subfolder: '' }, 400],
    [{ filename: '', subfolder: '' }, 400],
    [{ filename: 'g16c/sub_00002_.png', subfolder: '' }, 404],
  ] as const
  for (const [change, status] of refusals) {
    await assert.rejects(server.openFile({ ...file, ...change }), {
      code: status === 404 ? 'output-gone' : 'output-missing',
      message: new RegExp(`HTTP ${status}$`),
    })
  }
})

test('names with odd characters are asked for as they came', limit, async (t) => {
  for (const name of ['14b-unicode-and-long', '14c-filename-prefix', '14a-pnginfo']) {
    const { runs, server } = await replayRuns(t, name)
    const views = exchanges(readScenario(name), 'GET', '/view')
    const files = runs.flatMap(({ outcome }) => outcome?.files ?? [])
    assert.equal(files.length, views.length)
    for (const [index, file] of files.entries()) {
      const { body } = await server.openFile(file) // pitfall 27
      assert.deepEqual(await bytesOf(body), bodyOf(views[index] as HttpEvent))
    }
  }
})

test('files of every kind are fetched as they are', limit, async (t) => {
  for (const name of ['17a-other-outputs-visual', '17b-other-outputs-data']) {
    const { runs, server } = await replayRuns(t, name)
    const types = []
    for (const file of runs[0]?.outcome?.files ?? []) {
      const { body, contentType } = await server.openFile(file)
      assert.ok((await bytesOf(body)).length > 0)
      types.push(contentType)
    }
    assert.ok(types.includes(name.startsWith('17a') ? 'video/mp4' : 'audio/flac'))
  }
})

test('the plain questions: version, features, queue, classes, unknown ids', limit, async (t) => {
  const replay = await startReplay(t, readScenario('16a-misc-get'))
  const server = await connectTo(t, replay)
  const access = accessTo(t, replay)
  assert.deepEqual(server.capabilities, {
    version: '0.33.0',
    rehearsal: false,
    jobs: true,
    jobsCancel: true,
    targetedInterrupt: true,
    previewMetadata: true,
    maxUploadBytes: 104_857_600,
  })
  assert.deepEqual(await fetchQueue(access), { running: [], pending: [] })
  assert.equal((await server.nodeClass('KSampler'))?.name, 'KSampler')
  assert.equal(await server.nodeClass('Nope'), undefined) // pitfall 51
  assert.equal(await readRecord(access, '5ad9677b-7834-4d13-9428-c67d0a3b1683'), undefined)
  const unknown = await readTruth(access, server.capabilities, 'f2ac30f9-0004-48ca-af3b-f27052f8b22b')
  assert.deepEqual(unknown, { state: 'unknown' })
})

test('routes that do not exist, and answers that are no JSON', limit, async (t) => {
  const access = accessTo(t, await startReplay(t, readScenario('16a-misc-get')))
  await assert.rejects(getJson(access, 'nope'), { code: 'not-comfyui', message: /HTTP 404/ })
  await assert.rejects(getJson(access, 'jobs'), { code: 'not-comfyui', message: /HTTP 404/ })
  await assert.rejects(getJson(access, 'api/assets'), { message: /HTTP 503/ })
})

test('a 500 closes the connection, and the next request still gets through', limit, async (t) => {
  const scenario = readScenario('16a-misc-get')
  const access = accessTo(t, await startReplay(t, scenario))
  const posts = scenario.events.filter(
    (event): event is HttpEvent => event.dir === 'http' && event.method === 'POST',
  )
  const statuses = []
  for (const { path } of posts) statuses.push((await send(access, 'POST', path)).status)
  assert.deepEqual(
    statuses,
    posts.map(({ status }) => status),
  )
  assert.ok(statuses.includes(405) && statuses.includes(500))
})

test('the recorded history pages hold entries that can be read', () => {
  const pages = exchanges(readScenario('16b-history-paging'), 'GET', '/history').map(answerOf)
  const sizes = pages.map((page) => Object.keys(page).length)
  assert.deepEqual(sizes, [2, 1, 2, 0, 0])
  for (const entry of pages.flatMap((page) => Object.values(page))) {
    assert.ok(isJsonObject(entry))
    assert.ok(['success', 'error', 'interrupted'].includes(readHistoryEntry(entry).status))
    // What was read is written again without loss.
    assert.ok(stringifyJson(entry).length > 100)
  }
})
