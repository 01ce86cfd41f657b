import assert from 'node:assert/strict'
import { ComfyRunError, type Where } from '../../src/errors.ts'
import type { Job } from '../../src/plan/job.ts'
import type { Row } from '../../src/plan/row.ts'
import type { Workflow, WorkflowNode } from '../../src/workflow/workflow.ts'

/** A text as a stream gives it, cut into pieces of `size` characters. */
export async function* pieces(text: string, size = 7): AsyncGenerator<string> {
  const characters = Array.from(text)
  for (let at = 0; at < characters.length; at += size) yield characters.slice(at, at + size).join('')
}

/** Walks rows to the end. */
export async function all<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** A row as plain `{key: value}`. */
export function valuesOf(row: Row): Record<string, unknown> {
  return Object.fromEntries(row.cells.map(({ key, value }) => [key, value]))
}

/** The cell of a row that has `key`. */
export function cellOf(row: Row | undefined, key: string): Row['cells'][number] {
  const cell = row?.cells.find((one) => one.key === key)
  assert.ok(cell, `the row has no ${key}`)
  return cell
}

/** The characters that a place points at, from its own line. */
export function pointedAt(where: Where | undefined): string {
  assert.ok(where?.text !== undefined && where.column !== undefined, 'the place shows no line')
  return Array.from(where.text)
    .slice(where.column - 1, where.column - 1 + (where.length ?? 1))
    .join('')
}

/** The ComfyRunError that `work` throws. */
export async function failureOf(work: () => unknown): Promise<ComfyRunError> {
  try {
    await work()
  } catch (error) {
    assert.ok(error instanceof ComfyRunError, `not a ComfyRunError: ${String(error)}`)
    return error
  }
  assert.fail('nothing was thrown')
}

/** A text-to-image workflow, or with `image` an image-to-image one, whose node ids are those of the usual examples. */
export function exampleWorkflow({ image = false } = {}): Workflow {
  const latent: [string, WorkflowNode][] = image
    ? [
        ['10', { classType: 'LoadImage', inputs: { image: 'example.png' } }],
        ['11', { classType: 'VAEEncode', inputs: { pixels: ['10', 0], vae: ['4', 2] } }],
      ]
    : [['5', { classType: 'EmptyLatentImage', inputs: { width: 512, height: 768, batch_size: 1 } }]]
  const sampler = {
    seed: 1,
    steps: 20,
    cfg: 8,
    sampler_name: 'euler',
    scheduler: 'normal',
    denoise: 1,
    model: ['4', 0],
    positive: ['6', 0],
    negative: ['7', 0],
    latent_image: [image ? '11' : '5', 0],
  }
  return {
    source: '/graphs/example.json',
    nodes: new Map<string, WorkflowNode>([
      ['3', { classType: 'KSampler', inputs: sampler }],
      ['4', { classType: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'base.safetensors' } }],
      ...latent,
      ['6', { classType: 'CLIPTextEncode', inputs: { text: 'a cat', clip: ['4', 1] } }],
      ['7', { classType: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } }],
      ['8', { classType: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } }],
      ['9', { classType: 'SaveImage', inputs: { filename_prefix: 'ComfyUI', images: ['8', 0] } }],
    ]),
  }
}

/** The value of one input of a job's graph, by `node.input`. */
export function inputOf({ workflow }: Pick<Job, 'workflow'>, address: string): unknown {
  const [node = '', input = ''] = address.split('.')
  return workflow.nodes.get(node)?.inputs[input]
}
