import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJsonObject } from '../../../src/protocol/json.ts'
import { startClient, type Client } from '../client.ts'

const saving = {
  1: { class_type: 'Number', inputs: { value: 1 } },
  3: { class_type: 'Save', inputs: { value: ['1', 0], mode: 'fast' } },
}

/** Posts a graph; resolves to the status of the answer, or to `cut`. */
async function post(client: Client): Promise<number | 'cut'> {
  return client.post('/prompt', { prompt: saving }).then(
    ({ status }) => status,
    () => 'cut',
  )
}

async function left(client: Client): Promise<number> {
  await client.idle()
  return Object.keys((await client.get('/history')).json).length
}

const posts: readonly (readonly [fault: string, answer: number | 'cut', queued: number])[] = [
  ['post-reset', 'cut', 0],
  ['post-reset-after-queue', 'cut', 1],
  ['post-500', 500, 0],
  ['post-500-after-queue', 500, 1],
  ['post-502', 502, 0],
  ['post-502-after-queue', 502, 1],
  ['post-503', 503, 0],
  ['post-429', 429, 0],
  ['post-413', 413, 0],
  ['post-405', 405, 0],
  ['post-refused', 400, 0],
  ['post-partial', 200, 1],
  ['post-slow:1ms', 200, 1],
  ['queue-deleted', 200, 0],
  ['gateway-504', 504, 1],
  ['gateway-502', 502, 0],
  ['login-page', 200, 0],
  ['reset', 'cut', 0],
  ['auth', 401, 0],
  ['base-path', 404, 0],
]
for (const [fault, answer, queued] of posts) {
  test(`${fault}: POST /prompt is answered with ${answer}, ${queued} are queued; then all is well`, async (t) => {
    const client = await startClient(t, { faults: [fault] })
    assert.equal(await post(client), answer)
    if (fault === 'auth' || fault === 'base-path') return
    assert.equal(await left(client), queued)
    assert.equal(await post(client), 200)
    assert.equal(await left(client), queued + 1)
  })
}

test('429 says in whole seconds when to come back', async (t) => {
  const client = await startClient(t, { faults: ['post-429:1500ms'] })
  assert.equal((await client.post('/prompt', { prompt: saving })).headers.get('retry-after'), '2')
})

test('post-partial names an output that was dropped', async (t) => {
  const client = await startClient(t, { faults: ['post-partial'] })
  const { json } = await client.post('/prompt', { prompt: saving })
  assert.ok(isJsonObject(json.node_errors) && isJsonObject(json.node_errors['900']))
})

const history: readonly (readonly [fault: string, first: RegExp, then: RegExp])[] = [
  ['history-empty', /^\{\}$/, /"success"/],
  ['history-500', /^500 /, /"success"/],
  ['history-cleared', /^\{\}$/, /^\{\}$/],
  ['nan', /"score": \[NaN, Infinity, -Infinity\]/, /NaN/],
  ['split-text', /"text": \["a", " ", "f", "o", "x"\]/, /"text"/],
  ['gifs', /"gifs": \[\{"filename": "file_\d+\.txt".*"frame_rate": 8/, /"gifs"/],
  ['odd-outputs', /"nothing": null/, /"result": \["model\.glb", null\]/],
  ['no-outputs', /"outputs": \{\}.*"success"/, /"outputs": \{\}/],
  ['error-as-success', /"outputs": \{\}.*"status_str": "success".*"execution_error"/, /"execution_error"/],
  ['names-traversal', /"filename": "\.\.\/\.\.\/file_\d+\.txt", "subfolder": "\.\.\/\.\."/, /\.\.\//],
  ['names-windows', /"filename": "C:\\\\Windows\\\\file_\d+\.txt", "subfolder": "a\\\\b"/, /C:/],
  ['node-error', /"status_str": "error".*"ValueError"/, /ValueError/],
  ['out-of-memory', /"torch\.OutOfMemoryError"/, /ran out of memory on your GPU/],
  ['node-blocked', /"outputs": \{\}.*"success"/, /success/],
  ['old-profile', /^(?!.*execution_success).*"success"/, /"success"/],
]
for (const [fault, first, then] of history) {
  test(`${fault}: what history says of a prompt`, async (t) => {
    const client = await startClient(t, { faults: [fault] })
    const id = await client.prompt(saving)
    await client.idle()
    assert.match((await client.get(`/history/${id}`)).text, first)
    assert.match((await client.get(`/history/${id}`)).text, then)
  })
}

const fileEntry = /"filename": ("(?:[^"\\]|\\.)*"), "subfolder": ("(?:[^"\\]|\\.)*")/

/** A prompt whose file is asked for under the name that history gives it. */
async function view(client: Client): Promise<string> {
  const id = await client.prompt(saving)
  await client.idle()
  const { text } = await client.get(`/history/${id}`)
  const [, filename = '', subfolder = ''] = fileEntry.exec(text) ?? []
  const query = new URLSearchParams({ filename: JSON.parse(filename), subfolder: JSON.parse(subfolder) })
  return client.get(`/view?${query.toString()}`).then(
    ({ status, text }) => `${status} ${text.slice(0, 6)}`,
    () => 'cut',
  )
}

const views: readonly (readonly [fault: string, answer: string])[] = [
  ['view-truncate', 'cut'],
  ['view-short:0%', '200 '],
  ['view-empty', '200 '],
  ['view-garbage', '200 k'],
  ['view-page', '200 <html>'],
  ['view-reset', 'cut'],
  ['view-500', '500 500 In'],
  ['view-404', '404 '],
  ['view-redirect', '200 1'],
  ['output-deleted', '404 '],
  ['names-odd', '200 1'],
  ['names-traversal', '200 1'],
  ['names-windows', '200 1'],
  ['names-same', '200 1'],
]
for (const [fault, answer] of views) {
  test(`${fault}: what GET /view answers`, async (t) => {
    const client = await startClient(t, { faults: [fault] })
    assert.equal(await view(client), answer)
  })
}

test('old and middle profiles lack what they lack', async (t) => {
  const old = await startClient(t, { faults: ['old-profile'] })
  assert.equal((await old.get('/features')).status, 404)
  assert.doesNotMatch((await old.get('/system_stats')).text, /comfyui_version/)
  assert.equal((await old.get('/api/jobs')).status, 404)
  assert.equal((await old.post('/api/jobs/x/cancel')).status, 405)
  const own = '11111111-1111-4111-8111-111111111111'
  assert.notEqual(await old.prompt(saving, { prompt_id: own }), own)
  const { text } = await old.post('/prompt', { prompt: { 1: { class_type: 'None', inputs: {} } } })
  assert.match(text, /"invalid_prompt".*Cannot execute because node None does not exist/)
  const middle = await startClient(t, { faults: ['middle-profile'] })
  assert.equal((await middle.get('/features')).status, 200)
  assert.match((await middle.get('/system_stats')).text, /"comfyui_version": "0\.3\.50"/)
  assert.equal(await middle.prompt(saving, { prompt_id: own }), own)
})

test('uploads: renamed, refused, cut before and after they are stored', async (t) => {
  const upload = async (client: Client): Promise<string> => {
    const body = new FormData()
    body.set('image', new File(['bytes'], 'a.png'))
    return fetch(`${client.url}/upload/image`, { method: 'POST', body }).then(
      async (answer) => `${answer.status} ${await answer.text()}`,
      () => 'cut',
    )
  }
  const renaming = await startClient(t, { faults: ['upload-rename'] })
  assert.match(await upload(renaming), /^200 \{"name": "a \(1\)\.png"/)
  const others: readonly (readonly [string, RegExp])[] = [
    ['upload-413', /^413 Maximum request body size/],
    ['upload-500', /^500 /],
    ['upload-reset', /^cut$/],
    ['upload-reset-after-store', /^cut$/],
  ]
  for (const [fault, answer] of others) {
    const client = await startClient(t, { faults: [fault] })
    assert.match(await upload(client), answer)
    assert.match(await upload(client), /^200 \{"name": "a\.png"/)
  }
})
