import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import type { Outcome } from '../../src/comfy/outcome.ts'
import { ComfyRunError } from '../../src/errors.ts'
import type { FileSaved } from '../../src/events.ts'
import type { Job } from '../../src/plan/job.ts'
import type { ServerFile } from '../../src/protocol/outputs.ts'
import { collectFiles, type FileSource } from '../../src/run/collect.ts'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'

const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  .png()
  .toBuffer()
const job = { index: 1, name: 'fox' } as Job

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
  return { out, saveTemp, saved, onSaved: (event: FileSaved) => saved.push(event) }
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
  assert.deepEqual(imagesIn(t, '.'), ['fox_1.png', 'fox_2.png'])
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
  assert.deepEqual(served.asked, ['a.png'])
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
