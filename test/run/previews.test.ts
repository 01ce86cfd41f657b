import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import type { FileSaved } from '../../src/events.ts'
import { PreviewWriter } from '../../src/run/previews.ts'
import { jobOf } from './pool/fake-server.ts'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'

const background = { r: 1, g: 2, b: 3 }
const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
  .jpeg()
  .toBuffer()

test('previews are written in order; more than the disk keeps up with are dropped', async (t) => {
  const saved: FileSaved[] = []
  const writer = new PreviewWriter(jobOf(1), folderOf(t), (event) => saved.push(event))
  for (let count = 0; count < 100; count += 1) writer.add({ node: '3', format: 'jpeg', bytes })
  await writer.finish()
  assert.equal(saved.length, 32) // pitfall 17
  assert.equal(imagesIn(t, 'previews').length, 32)
  writer.add({ node: '3', format: 'jpeg', bytes })
  await writer.finish()
  assert.match(saved.at(-1)?.path ?? '', /_033\.jpg$/)
})
