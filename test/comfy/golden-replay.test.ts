import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isJsonObject } from '../../src/protocol/json.ts'
import { graphOf, readScenario, scenarioNames, type HttpEvent } from '../rig/golden.ts'
import { replayRuns, type Run } from '../rig/golden-runs.ts'

const limit = { timeout: 10_000 }

/** How a run ended, on one line: status, files (`temp:` before those of that type), socket images, texts, error. */
function inWords({ outcome, refusal }: Run): string {
  if (!outcome) return `refused: ${refusal?.code}`
  const { status, cached, files, socketImages, texts, error } = outcome
  return [
    cached ? `${status} from the cache` : status,
    ...files.map(({ node, type, subfolder, filename }) => {
      const path = subfolder ? `${subfolder}/${filename}` : filename
      return `${node}=${type === 'output' ? '' : `${type}:`}${path}`
    }),
    ...socketImages.map(({ node, format }) => `${node}=socket ${format}`),
    ...texts.map(({ node, text }) => `${node}="${text.slice(0, 20)}"`),
    ...(error ? [error.code] : []),
  ].join(', ')
}

/** What the client must conclude of each POST /prompt of a scenario. */
const conclusions: Readonly<Record<string, readonly string[]>> = {
  '01a-txt2img-flags': ['done, 9=g01a_00002_.png'],
  '01b-txt2img-noflags': ['done, 9=g01b_00002_.png'],
  '02a-cached-identical': ['done from the cache, 9=g01b_00002_.png'],
  '02b-cached-partial': ['done, 9=g02b_00002_.png'],
  '02c-cached-http-only': ['done, 2=g02c_00001_.png', 'done from the cache, 2=g02c_00001_.png'],
  '02d-cached-file-gone': ['done, 2=g02d_00001_.png', 'done from the cache, 2=g02d_00001_.png'],
  '02e-cache-after-other-prompts': [
    'done, 2=g02eA_00001_.png',
    'done, 2=g02eB_00001_.png',
    'done, 2=g02eA_00002_.png',
    'done from the cache, 2=g02eA_00002_.png',
  ],
  '03b-img2img': ['done, 9=g03b_00003_.png'],
  '04a-preview-and-save': ['done, 2=g04a_00002_.png, 3=temp:ComfyUI_temp_pggxx_00001_.png'],
  '04b-two-saves': ['done, 10=g04b_other_00002_.png, save-a=g04b_00003_.png, save-b=g04b_00004_.png'],
  '04c-batch3': ['done, 9=g04c_00004_.png, 9=g04c_00005_.png, 9=g04c_00006_.png'],
  '05a-ws-image-flags': ['done, w=socket png, w=socket png'],
  '05b-ws-image-noflags': ['done, w=socket png, w=socket png'],
  '06c-validation-cycle': [
    'refused: workflow-rejected',
    'refused: workflow-rejected',
    'done, 2=g06c_00003_.png',
    'failed, b=g06c_00004_.png, output-dropped', // pitfall 1
  ],
  '06d-validation-partial': ['failed, 2=g06d_00002_.png, output-dropped'], // pitfall 1
  '06e-coercion': ['done, 2=12345_00002_.png'],
  '06f-nan': ['done, 2="nan"', 'refused: value-out-of-range', 'done, 3=g06f_00002_.png'], // pitfall 20
  '07a-error-loadimage': ['failed, node-failed', 'done, 2=g07_00002_.png', 'failed, node-failed'],
  '07b-error-after-output': ['failed, 2=g07b_00002_.png, node-failed'],
  '07c-error-tensor-inputs': ['failed, node-failed'],
  '07d-error-memory': ['failed, out-of-memory'],
  '07e-error-http-only': ['failed, node-failed', 'failed, node-failed'],
  '10a-reconnect-same-id': ['done, 9=latents/g_00007_.latent'],
  '10b-reconnect-no-flags': ['done, 9=latents/g_00008_.latent'],
  '10c-reconnect-other-id': ['done, 9=latents/g_00009_.latent'],
  '12a-own-prompt-id': [
    'done, 2=g12_00004_.png',
    'done, 2=g12_00005_.png',
    ...Array.from({ length: 7 }, () => 'refused: workflow-rejected'),
    'done, 2=g12_00006_.png',
    'done from the cache, 2=g12_00006_.png',
    'done from the cache, 2=g12_00006_.png',
  ],
  '13a-seed-accepted': [
    'done, 9=latents/g_00019_.latent',
    'done, 9=latents/g_00020_.latent',
    'done, 9=latents/g_00021_.latent',
    'done, 9=latents/g_00022_.latent',
  ],
  '14a-pnginfo': ['done, 2=g14a_00002_.png'],
  '14b-unicode-and-long': ['done, 6=g14b_日本 😀_00002_.png, 2="emoji 😀👨‍👩‍👧, 日本", 4="very long very long "'],
  '14c-filename-prefix': [
    'done, 2=g14c/b/img_00003_.png',
    String.raw`done, 2=g14c\win\img_00003_.png`,
    'done, 2=g14c_2026-11-23_16x16_00003_.png',
    'done, 2=g14c_%date:yyyy-MM-dd%_00003_.png',
    'done, 2=g14c_%KSampler.seed%_%EmptyImage.color%_00003_.png',
    'done, 2=g14c_0_00001_.png',
  ],
  '14d-prefix-traversal': ['failed, node-failed', 'failed, node-failed'],
  '15-partial-execution-targets': [
    'done, 3=g15_other_00004_.png',
    'refused: workflow-rejected',
    'refused: workflow-rejected',
    'refused: workflow-rejected',
    'done, 2=g15_00002_.png, 3=g15_other_00005_.png',
    'refused: workflow-rejected',
    'done, 3=g15_other_00006_.png',
    'refused: workflow-rejected',
  ],
  '16b-history-paging': ['done, 2=g16b_00004_.png', 'done, 2=g16b_00005_.png', 'done, 2=g16b_00006_.png'],
  '16c-view': ['done, 2=g16c/sub_00002_.png'],
  // pitfalls 29 and 30: files are known by their shape, videos stand under `images`
  '17a-other-outputs-visual': [
    'done, 2=g17_00007_.webp, 3=g17_00005_.png, 10=g17_00006_.webm, 12=video/g17_00002_.mp4, ' +
      '17=temp:ComfyUI_temp_vjijp_00001_.png, 17=temp:ComfyUI_temp_vjijp_00002_.png, ' +
      '17=temp:ComfyUI_temp_vjijp_00003_.png',
  ],
  '17b-other-outputs-data': [
    'done, 7=latents/g17_00003_.latent, 9=audio/g17_00003.flac, 14=g17_00009.txt, ' +
      '15=temp:ComfyUI_temp_lfqzs_00001.flac, 5="9007199254740993", 14="hi 499939894596"',
  ],
}

/** Recorded without a socket: the client can only ask. */
const withoutSocket = new Set(['02c-cached-http-only', '07e-error-http-only'])

for (const [name, expected] of Object.entries(conclusions)) {
  test(`${name}: ${readScenario(name).description}`, limit, async (t) => {
    const { runs } = await replayRuns(t, name, withoutSocket.has(name) ? { beat: 20 } : {})
    assert.deepEqual(runs.map(inWords), expected)
  })
}

test('every recorded scenario is replayed by a test', () => {
  const folder = import.meta.dirname
  const sources = readdirSync(folder)
    .filter((name) => /^golden-.*\.test\.ts$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const left = scenarioNames().filter((name) => !sources.some((source) => source.includes(`'${name}'`)))
  assert.deepEqual(left, [])
  assert.equal(scenarioNames().length, 50)
})

test('the events of a plain run: nodes in order, steps and previews of the sampler', limit, async (t) => {
  const { runs } = await replayRuns(t, '01a-txt2img-flags')
  const events = runs[0]?.events ?? []
  assert.equal(events[0]?.type, 'started')
  const started = events.flatMap((event) => (event.type === 'node-started' ? [event.node] : []))
  const finished = events.flatMap((event) => (event.type === 'node-finished' ? [event.node] : []))
  assert.deepEqual(started, ['4', '5', '7', '6', '3', '8', '9'])
  assert.deepEqual(finished, started)
  const steps = events.flatMap((event) =>
    event.type === 'step' ? [`${event.node} ${event.step}/${event.steps}`] : [],
  )
  assert.deepEqual(steps, ['3 1/3', '3 2/3', '3 3/3'])
  const previews = events.flatMap((event) => (event.type === 'preview' ? [event] : []))
  assert.deepEqual(
    previews.map(({ node, image }) => [node, image.format, image.bytes[0], image.bytes[1]]),
    Array.from({ length: 3 }, () => ['3', 'jpeg', 0xff, 0xd8]),
  )
})

test('previews without any id belong to the node that runs', limit, async (t) => {
  const { runs } = await replayRuns(t, '01b-txt2img-noflags')
  const previews = (runs[0]?.events ?? []).flatMap((event) => (event.type === 'preview' ? [event.node] : []))
  assert.deepEqual(previews, ['3', '3', '3'])
})

test('after a reconnect previews without ids go on, and are never taken for results', limit, async (t) => {
  const { runs } = await replayRuns(t, '10b-reconnect-no-flags')
  const previews = (runs[0]?.events ?? []).flatMap((event) => (event.type === 'preview' ? [event.node] : []))
  assert.deepEqual(previews, ['3', '3', '3', '3'])
  assert.deepEqual(runs[0]?.outcome?.socketImages, [])
})

test('a job that was cached says which nodes were, and that none ran', limit, async (t) => {
  const { runs } = await replayRuns(t, '02a-cached-identical')
  assert.deepEqual(runs[0]?.events, [
    { type: 'started' },
    { type: 'cached', nodes: ['3', '4', '5', '6', '7', '8', '9'] },
    { type: 'ended', seconds: 0.002 },
  ])
})

test('SaveImageWebsocket: the PNGs are results, the JPEGs previews', limit, async (t) => {
  for (const name of ['05a-ws-image-flags', '05b-ws-image-noflags']) {
    const { runs } = await replayRuns(t, name)
    for (const { bytes } of runs[0]?.outcome?.socketImages ?? []) {
      assert.deepEqual([...bytes.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47])
    }
    const previews = runs[0]?.events.flatMap((event) => (event.type === 'preview' ? [event] : [])) ?? []
    assert.ok(previews.length > 0)
    assert.ok(previews.every(({ node, image }) => node === '3' && image.format === 'jpeg'))
  }
})

test(
  "a node's failure: its label, what Python raised, and nothing of the node's inputs",
  limit,
  async (t) => {
    const messages = async (name: string): Promise<(string | undefined)[]> =>
      (await replayRuns(t, name, { beat: 20 })).runs.map(({ outcome }) => outcome?.error?.message)
    assert.deepEqual(await messages('07b-error-after-output'), [
      `node 8 "Load Image" (LoadImage) failed: cannot identify image file '/comfyui/input/golden_garbage2.png' [UnidentifiedImageError]`,
    ])
    assert.deepEqual(await messages('07c-error-tensor-inputs'), [
      'node 8 "VAE Decode" (VAEDecode) failed: Given groups=1, weight of size [4, 4, 1, 1], ' +
        'expected input[1, 16, 8, 8] to have 4 channels, but got 16 channels instead [RuntimeError]',
    ])
    const [memory] = await messages('07d-error-memory')
    assert.match(memory ?? '', /^node 1 \(EmptyImage\) ran out of memory: .*can't allocate memory/)
    const { runs } = await replayRuns(t, '14d-prefix-traversal')
    const error = runs[0]?.outcome?.error
    assert.match(error?.message ?? '', /Saving image outside the output folder is not allowed/)
    assert.ok(error?.details.every((line) => line.length < 200))
  },
)

test('64-bit seeds leave as the exact digits', limit, async (t) => {
  const { replay } = await replayRuns(t, '13a-seed-accepted') // pitfall 21
  const seeds = replay.requests
    .filter(({ path }) => path === '/prompt')
    .map(({ body }) => /"seed":("?[\d.]+"?)/.exec(body)?.[1])
  assert.deepEqual(seeds, [
    '18446744073709551615',
    '9007199254740993',
    '9007199254740992',
    '"18446744073709551615"',
  ])
})

test(
  'every prompt goes out with our client id, a fresh lowercase UUID and an object as extra_data',
  limit,
  async (t) => {
    const { replay } = await replayRuns(t, '02e-cache-after-other-prompts')
    const bodies = replay.requests
      .filter(({ path }) => path === '/prompt')
      .map(({ body }) => JSON.parse(body))
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    for (const body of bodies) {
      assert.match(body.client_id, uuid) // pitfall 13
      assert.match(body.prompt_id, uuid) // pitfall 34
      assert.ok(isJsonObject(body.extra_data)) // pitfall 35
    }
    assert.equal(new Set(bodies.map(({ prompt_id }) => prompt_id)).size, 4) // pitfall 37
    assert.equal(new Set(bodies.map(({ client_id }) => client_id)).size, 1)
    const forbidden = ['origin', 'referer', 'sec-fetch-site']
    assert.ok(replay.requests.every(({ headers }) => forbidden.every((name) => !(name in headers))))
  },
)

test('the graph arrives as it was given, non-ASCII text included', limit, async (t) => {
  const name = '14b-unicode-and-long'
  const { replay } = await replayRuns(t, name)
  const sent = replay.requests.find(({ path }) => path === '/prompt')
  const recorded = readScenario(name).events.find(
    (event): event is HttpEvent => event.dir === 'http' && event.path === '/prompt',
  )
  assert.ok(sent && recorded)
  assert.deepEqual(JSON.parse(sent.body).prompt, graphOf(recorded))
})
