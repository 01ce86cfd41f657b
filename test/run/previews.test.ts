import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import type { FileSaved, RunEvent } from '../../src/events.ts'
import { partPath } from '../../src/output/part-file.ts'
import { fileRules } from '../../src/run/file-rules.ts'
import { PreviewWriter } from '../../src/run/previews.ts'
import { jobOf } from './pool/fake-server.ts'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'

const sink = (): void => {}
const background = { r: 1, g: 2, b: 3 }
const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
  .jpeg()
  .toBuffer()

test('previews are written in order; more than the disk keeps up with are dropped', async (t) => {
  const saved: FileSaved[] = []
  const writer = new PreviewWriter(jobOf(1), { out: folderOf(t), sink }, (event) => saved.push(event))
  for (let count = 0; count < 100; count += 1) writer.add({ node: '3', format: 'jpeg', bytes })
  await writer.finish()
  assert.equal(saved.length, 32) // pitfall 17
  assert.equal(imagesIn(t, 'previews').length, 32)
  writer.add({ node: '3', format: 'jpeg', bytes })
  await writer.finish()
  assert.match(saved.at(-1)?.path ?? '', /_033\.jpg$/)
})

test('a preview whose name is taken goes by the rule of the run; what a killed attempt has left is cleared', async (t) => {
  const first = new PreviewWriter(jobOf(1), { out: folderOf(t), sink }, () => {})
  first.add({ node: '3', format: 'jpeg', bytes })
  await first.finish()
  const [name = ''] = imagesIn(t, 'previews')
  const stale = partPath(join(folderOf(t), 'previews', name)).replace(
    /\.[0-9a-f]{8}[0-9a-z]+\.part$/,
    '.0123456789abcdef.part',
  )
  await writeFile(stale, 'half')
  assert.equal(imagesIn(t, 'previews').length, 2)
  const saved: FileSaved[] = []
  const options = { out: folderOf(t), sink, files: await fileRules({ onExists: 'skip' }), mayBeThere: true }
  const other = await sharp(bytes).negate().jpeg().toBuffer()
  const second = new PreviewWriter(jobOf(1), options, (event) => saved.push(event))
  second.add({ node: '3', format: 'jpeg', bytes: other })
  await second.finish()
  assert.deepEqual(imagesIn(t, 'previews'), [name])
  assert.deepEqual(saved, [])
})

test('previews that are too large together end, which is told once', async (t) => {
  const events: RunEvent[] = []
  const files = await fileRules({ maxFileSize: bytes.length })
  const options = { out: folderOf(t), files, sink: (event: RunEvent) => void events.push(event) }
  const writer = new PreviewWriter(jobOf(1), options, () => {})
  for (let count = 0; count < 20; count += 1) writer.add({ node: '3', format: 'jpeg', bytes })
  await writer.finish()
  assert.equal(imagesIn(t, 'previews').length, 10)
  assert.deepEqual(
    events.map((event) => event.type === 'job-warning' && event.message.replace(/\d+ bytes|[\d.]+ kB/i, 'N')),
    ['no more previews are saved: 10 take N'],
  )
})
