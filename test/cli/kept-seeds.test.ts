import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptSeeds } from '../../src/cli/kept-seeds.ts'
import type { Setting } from '../../src/plan/row.ts'
import { parseWorkflow } from '../../src/workflow/parse.ts'

/** Two samplers, one after the other, with seeds of their own. */
function workflow(first: string, second: string) {
  const sampler = (
    seed: string,
    latent: string,
  ): string => `{"class_type": "KSampler", "inputs": {"seed": ${seed},
    "steps": 4, "cfg": 7, "sampler_name": "euler", "scheduler": "normal", "denoise": 1, "model": ["0", 0],
    "positive": ["2", 0], "negative": ["2", 0], "latent_image": ["${latent}", 0]}}`
  const graph = `{
    "0": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.safetensors"}},
    "1": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
    "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox", "clip": ["0", 1]}},
    "3": ${sampler(first, '1')},
    "4": ${sampler(second, '3')},
    "5": {"class_type": "VAEDecode", "inputs": {"samples": ["4", 0], "vae": ["0", 2]}},
    "6": {"class_type": "SaveImage", "inputs": {"images": ["5", 0], "filename_prefix": "a"}}
  }`
  return parseWorkflow(graph, 'graph.json')
}

function given(address: string): Setting {
  return { address, value: '9', typed: false }
}

function kept(seeds: readonly Setting[]): (readonly [string, unknown])[] {
  return seeds.map(({ address, value }) => [address, value])
}

test('one seed for all is kept as the seed, exactly', () => {
  const seeds = keptSeeds(workflow('18446744073709551615', '18446744073709551615'), [given('steps')])
  assert.deepEqual(kept(seeds), [['seed', 2n ** 64n - 1n]])
})

test('seeds that differ are kept each', () => {
  assert.deepEqual(Object.fromEntries(kept(keptSeeds(workflow('7', '8'), []))), { '3.seed': 7, '4.seed': 8 })
})

test('a seed that is given, by role or by address, is not kept', () => {
  assert.deepEqual(keptSeeds(workflow('7', '8'), [given('seed')]), [])
  assert.deepEqual(kept(keptSeeds(workflow('7', '7'), [given('3.seed')])), [['4.seed', 7]])
  assert.deepEqual(kept(keptSeeds(workflow('7', '7'), [given('no.such')])), [['seed', 7]])
})
