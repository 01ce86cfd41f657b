import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { readPngText } from '../../../src/protocol/png-text.ts'
import { isJsonObject, parseJson } from '../../../src/protocol/json.ts'
import { runGraph, serverFolders } from './run-graph.ts'
import type { ApiGraph } from '../../../src/protocol/graph.ts'

async function workflow(name: string, changes: Record<string, Record<string, unknown>>): Promise<ApiGraph> {
  const graph = parseJson(await readFile(`workflows/${name}.json`, 'utf8'))
  assert.ok(isJsonObject(graph))
  for (const [id, inputs] of Object.entries(changes)) {
    const node = graph[id]
    assert.ok(isJsonObject(node) && isJsonObject(node.inputs))
    Object.assign(node.inputs, inputs)
  }
  return graph as unknown as ApiGraph
}

test('txt2img: steps with previews, then a marked picture with its graph', async (t) => {
  const folders = await serverFolders(t)
  const graph = await workflow('txt2img', {
    '3': { steps: 3, seed: 7 },
    '5': { width: 128, height: 64, batch_size: 2 },
    '6': { text: 'a lighthouse' },
  })
  const run = await runGraph(graph, folders, { workflow: { nodes: [] } })
  assert.deepEqual(run.progress, [
    ['3', 1, 3],
    ['3', 2, 3],
    ['3', 3, 3],
  ])
  const preview = await sharp(run.previews[0]).metadata()
  assert.deepEqual([preview.format, preview.width, preview.height], ['jpeg', 512, 256])
  assert.deepEqual(run.results.get('9')?.ui, {
    images: [
      { filename: 'comfy-run_00001_.png', subfolder: '', type: 'output' },
      { filename: 'comfy-run_00002_.png', subfolder: '', type: 'output' },
    ],
  })
  const png = await readFile(join(folders.output, 'comfy-run_00002_.png'))
  const { width, height } = await sharp(png).metadata()
  assert.deepEqual([width, height], [128, 64])
  const texts = readPngText(png)
  assert.deepEqual(parseJson(texts?.get('prompt') ?? ''), graph)
  assert.equal(texts?.get('workflow'), '{"nodes": []}')
  assert.match(texts?.get('comfy_run') ?? '', /rehearsal: no model ran/)
})

test('img2img: the shapes of the source stay visible, less of them with more denoise', async (t) => {
  const folders = await serverFolders(t)
  const left = { input: await plain(32, 64, '#ffffff'), left: 0, top: 0 }
  await sharp(await plain(64, 64, '#000000'))
    .composite([left])
    .toFile(join(folders.input, 'example.png'))
  const contrast = async (denoise: number): Promise<number> => {
    const graph = await workflow('img2img', {
      '3': { steps: 1, denoise },
      '9': { filename_prefix: `d${denoise}` },
    })
    await runGraph(graph, folders)
    const file = join(folders.output, `d${denoise}_00001_.png`)
    const mean = async (x: number): Promise<number> => {
      const { channels } = await sharp(
        await sharp(file).extract({ left: x, top: 4, width: 16, height: 16 }).png().toBuffer(),
      ).stats()
      return channels.reduce((sum, channel) => sum + channel.mean, 0) / channels.length
    }
    return (await mean(8)) - (await mean(40))
  }
  const [little, much] = [await contrast(0.2), await contrast(0.8)]
  assert.ok(little > 180 && much > 40 && much < 160, `${little}, ${much}`)
})

test('the same request gives the same bytes, another seed others', async (t) => {
  const folders = await serverFolders(t)
  const pixels = async (seed: number, name: string): Promise<Buffer> => {
    const graph = await workflow('txt2img', {
      '3': { steps: 1, seed },
      '5': { width: 64, height: 64 },
      '9': { filename_prefix: name },
    })
    await runGraph(graph, folders)
    return sharp(join(folders.output, `${name}_00001_.png`))
      .raw()
      .toBuffer()
  }
  const [first, again, other] = [await pixels(1, 'a'), await pixels(1, 'b'), await pixels(2, 'c')]
  assert.ok(first.equals(again))
  assert.ok(!first.equals(other))
})

function plain(width: number, height: number, background: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
}
