import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import sharp from 'sharp'
import type { Capabilities } from '../../src/comfy/capabilities.ts'
import type { Outcome } from '../../src/comfy/outcome.ts'
import { ComfyRunError } from '../../src/errors.ts'
import type { FileSaved, RunEvent } from '../../src/events.ts'
import { parseExpectations } from '../../src/expectations.ts'
import type { Job } from '../../src/plan/job.ts'
import type { ServerFile } from '../../src/protocol/outputs.ts'
import { version } from '../../src/version.ts'
import { toGraph, type Workflow, type WorkflowNode } from '../../src/workflow/workflow.ts'
import { collectFiles, type FileSource } from '../../src/run/collect.ts'
import type { OnExists } from '../../src/run/file-defaults.ts'
import { fileRules, type FileRules } from '../../src/run/file-rules.ts'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'

const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  .png()
  .toBuffer()
const workflow: Workflow = {
  source: 'flux.json',
  nodes: new Map<string, WorkflowNode>([
    ['1', { classType: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd/xl.safetensors' } }],
    ['2', { classType: 'LoraLoader', inputs: { lora_name: 'fur.safetensors', model: ['1', 0] } }],
    ['3', { classType: 'LoraLoader', inputs: { lora_name: 'fur.safetensors', model: ['2', 0] } }],
  ]),
}
const params = { prompt: 'a fox', seed: 2n ** 63n, 'row.shot': 'A7' }
const job: Job = { index: 1, key: 'k1', name: 'fox', params, workflow, uploads: [] }

function file(filename: string, type = 'output'): ServerFile {
  return { node: '9', filename, subfolder: '', type }
}

function outcome(files: readonly ServerFile[]): Outcome {
  return { status: 'done', files, socketImages: [], texts: [], cached: false }
}

/** Serves what the function gives, for each file and attempt (from 1). */
function source(
  serve: (file: ServerFile, attempt: number) => Buffer,
): FileSource & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    name: 'http://gpu-box:8188',
    capabilities: { version: '0.33.0', rehearsal: false } as Capabilities,
    openFile: async (file) => {
      asked.push(file.filename)
      const body = serve(file, asked.filter((name) => name === file.filename).length)
      return {
        body: (async function* chunks() {
          yield body
        })(),
        length: png.length,
        contentType: 'image/png',
      }
    },
  }
}

function options(out: string, saveTemp = false) {
  const saved: FileSaved[] = []
  const events: RunEvent[] = []
  return {
    out,
    saveTemp,
    seconds: 2.5,
    saved,
    onSaved: (event: FileSaved) => saved.push(event),
    events,
    sink: (event: RunEvent) => events.push(event),
  }
}

async function rules(onExists: OnExists, expect = '', sidecar = false): Promise<FileRules> {
  return fileRules({ onExists, sidecar, expect: expect === '' ? [] : parseExpectations(expect) })
}

test('outputs are saved under the name of the job, whatever the server calls them', async (t) => {
  const files = [file('../../evil.png'), file('ComfyUI_00001_.png')]
  const wanted = options(folderOf(t))
  await collectFiles(
    source(() => png),
    job,
    outcome(files),
    wanted,
  )
  assert.deepEqual(imagesIn(t, '.'), ['fox_1.png', 'fox_2.png']) // pitfalls 24 and 26
  assert.deepEqual(await readFile(join(folderOf(t), 'fox_1.png')), png)
  assert.deepEqual(
    wanted.saved.map(({ kind, bytes }) => [kind, bytes]),
    [
      ['output', png.length],
      ['output', png.length],
    ],
  )
})

test('temp images are saved only on demand', async (t) => {
  const files = [file('a.png'), file('b.png', 'temp')]
  const served = source(() => png)
  await collectFiles(served, job, outcome(files), options(folderOf(t)))
  assert.deepEqual(served.asked, ['a.png']) // pitfall 28
  await collectFiles(served, job, outcome(files), options(folderOf(t), true))
  assert.deepEqual(imagesIn(t, 'temp'), ['fox.png'])
})

test('temp images are the results of a graph that puts out nothing else', async (t) => {
  await collectFiles(
    source(() => png),
    job,
    outcome([file('b.png', 'temp')]),
    options(folderOf(t), true),
  )
  assert.deepEqual(imagesIn(t, '.'), ['fox.png'])
  assert.deepEqual(imagesIn(t, 'temp'), [])
})

test('a download that was cut off is fetched again', async (t) => {
  const served = source((_, attempt) => (attempt === 1 ? png.subarray(0, 20) : png))
  await collectFiles(served, job, outcome([file('a.png')]), options(folderOf(t)))
  assert.deepEqual(served.asked, ['a.png', 'a.png'])
  assert.deepEqual(await readFile(join(folderOf(t), 'fox.png')), png)
})

test("a file that is damaged on the server's disk, as this machine sees it, is fetched", async (t) => {
  const served = source(() => png)
  const half = { ...served, openFile: openHalf(served) }
  await collectFiles(half, job, outcome([file('a.png')]), options(folderOf(t)))
  assert.deepEqual(served.asked, ['a.png'])
  assert.deepEqual(await readFile(join(folderOf(t), 'fox.png')), png)
})

/** Half of the file is on the disk yet; fetched it comes whole. */
function openHalf(served: FileSource): FileSource['openFile'] {
  return async (wanted, options) => {
    const half = png.subarray(0, png.length / 2)
    return options?.mustFetch
      ? served.openFile(wanted)
      : { body: Readable.from([half], { objectMode: false }), length: half.length }
  }
}

test('a file that the server does not serve is not asked for again, and keeps no other from being saved', async (t) => {
  const served = source(({ filename }) => {
    if (filename === 'gone.png') throw new ComfyRunError('output-missing', 'HTTP 404')
    return png
  })
  const files = [file('gone.png'), file('there.png')]
  await assert.rejects(collectFiles(served, job, outcome(files), options(folderOf(t))), {
    code: 'output-missing',
  })
  assert.deepEqual(served.asked, ['gone.png', 'there.png'])
  assert.deepEqual(imagesIn(t, '.'), ['fox_2.png'])
})

test('images that came over the socket are saved as they are', async (t) => {
  const image = { node: '3', format: 'png', bytes: new Uint8Array(png) } as const
  await collectFiles(
    source(() => png),
    job,
    { ...outcome([]), socketImages: [image] },
    options(folderOf(t)),
  )
  assert.deepEqual(await readFile(join(folderOf(t), 'fox.png')), png)
})

test('a file that is there stays with --on-exists skip, which is told; the job is done', async (t) => {
  await writeFile(join(folderOf(t), 'fox_1.png'), 'mine')
  const wanted = { ...options(folderOf(t)), files: await rules('skip') }
  await collectFiles(
    source(() => png),
    job,
    outcome([file('a.png'), file('b.png')]),
    wanted,
  )
  assert.equal(await readFile(join(folderOf(t), 'fox_1.png'), 'utf8'), 'mine')
  assert.deepEqual(
    wanted.saved.map(({ path }) => path),
    [join(folderOf(t), 'fox_2.png')],
  )
  const message = `there is a file ${join(folderOf(t), 'fox_1.png')} already: it stays, and the new one is not kept`
  assert.deepEqual(wanted.events, [{ type: 'job-warning', job: 1, message }])
})

test('with --on-exists fail it is a failure, and not fetched again', async (t) => {
  await writeFile(join(folderOf(t), 'fox.png'), 'mine')
  const served = source(() => png)
  const wanted = { ...options(folderOf(t)), files: await rules('fail') }
  await assert.rejects(collectFiles(served, job, outcome([file('a.png')]), wanted), { code: 'file-exists' })
  assert.deepEqual(served.asked, ['a.png'])
  assert.deepEqual(imagesIn(t, '.'), ['fox.png'])
})

test('what an earlier attempt has saved is not saved twice', async (t) => {
  const served = source(() => png)
  await collectFiles(served, job, outcome([file('a.png')]), options(folderOf(t)))
  const again = { ...options(folderOf(t)), mayBeThere: true }
  await collectFiles(served, job, outcome([file('a.png'), file('b.png', 'temp')]), again)
  assert.deepEqual(imagesIn(t, '.'), ['fox.png'])
  assert.deepEqual(
    again.saved.map(({ path }) => path),
    [join(folderOf(t), 'fox.png')],
  )
})

test('a sidecar says what made the file, and is there when the file appears', async (t) => {
  const wanted = { ...options(folderOf(t), true), files: await rules('number', '', true) }
  let isThere = false
  const onSaved = (): void => {
    isThere = imagesIn(t, '.').includes('fox.json')
  }
  const files = [file('a.png'), file('b.png', 'temp')]
  await collectFiles(
    source(() => png),
    job,
    outcome(files),
    { ...wanted, onSaved },
  )
  assert.ok(isThere)
  assert.deepEqual(imagesIn(t, 'temp'), ['fox.png'])
  const { timings, ...record } = JSON.parse(await readFile(join(folderOf(t), 'fox.json'), 'utf8'))
  const graph = JSON.stringify(toGraph(workflow))
  assert.deepEqual(record, {
    comfyRun: version,
    file: 'fox.png',
    bytes: png.length,
    sha256: createHash('sha256').update(png).digest('hex'),
    key: 'k1',
    name: 'fox',
    seed: '9223372036854775808',
    settings: { prompt: 'a fox', 'row.shot': 'A7' },
    workflow: { source: 'flux.json', sha256: createHash('sha256').update(graph).digest('hex') },
    models: ['sd/xl.safetensors', 'fur.safetensors'],
    server: { name: 'http://gpu-box:8188', comfyui: '0.33.0', rehearsal: false },
    cached: false,
    node: '9',
  })
  assert.equal(timings.seconds, 2.5)
  assert.ok(Math.abs(Date.parse(timings.started) + 2500 - Date.now()) < 60_000)
})

test('outputs that are not as expected are kept, and named together', async (t) => {
  const wanted = { ...options(folderOf(t)), files: await rules('number', 'images=2; size=8x8; not-blank') }
  const collecting = collectFiles(
    source(() => png),
    job,
    outcome([file('a.png'), file('b.png')]),
    wanted,
  )
  await assert.rejects(collecting, (error) => {
    assert.ok(error instanceof ComfyRunError)
    assert.equal(error.code, 'check-failed')
    const found = 'found one colour, rgb(255, 0, 0), all over'
    assert.equal(error.message, `${join(folderOf(t), 'fox_1.png')} fails the check not-blank: ${found}`)
    assert.deepEqual(error.details, [
      'expected an image that shows something',
      `${join(folderOf(t), 'fox_2.png')} fails the check not-blank: ${found}`,
    ])
    return true
  })
  assert.deepEqual(imagesIn(t, '.'), ['fox_1.png', 'fox_2.png'])
})

test("a job's own checks count before those of the run", async (t) => {
  const wanted = { ...options(folderOf(t)), files: await rules('number', 'size=999x999; images=1') }
  const served = source(() => png)
  const own = { ...job, expect: parseExpectations('size=8x8') }
  await collectFiles(served, own, outcome([file('a.png')]), wanted)
  await assert.rejects(collectFiles(served, own, outcome([file('a.png'), file('b.png')]), wanted), {
    message: 'fox fails the check images=1: found 2 images',
  })
})

test('the number of images is checked, too; what a failed prompt has left is not', async (t) => {
  const wanted = { ...options(folderOf(t)), files: await rules('number', 'images>=2') }
  const served = source(() => png)
  const one = outcome([file('a.png')])
  await assert.rejects(collectFiles(served, job, one, wanted), { code: 'check-failed' })
  await collectFiles(served, job, { ...one, status: 'failed' }, wanted)
})
