import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

test('SaveLatent: a safetensors file of the right shape', async (t) => {
  const folders = await serverFolders(t)
  await runGraph(
    {
      l: node('EmptyLatentImage', { width: 16, height: 40, batch_size: 2 }),
      s: node('SaveLatent', { samples: ['l', 0], filename_prefix: 'latents/x' }),
    },
    folders,
  )
  const bytes = await readFile(join(folders.output, 'latents', 'x_00001_.latent'))
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, unknown>
  assert.deepEqual(header.latent_tensor, { dtype: 'F32', shape: [2, 4, 5, 2], data_offsets: [0, 320] })
  assert.equal(bytes.length, 8 + length + 320)
  assert.match(JSON.stringify(header.__metadata__), /EmptyLatentImage/)
})
