import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { planHash } from '../../src/cli/plan-hash.ts'
import type { PlanOptions } from '../../src/plan/jobs.ts'
import { exampleWorkflow } from '../plan/helpers.ts'
import { folderOf } from '../rig/folder.ts'

const plan = (): PlanOptions => ({
  workflow: exampleWorkflow(),
  defaults: [{ address: 'steps', value: '4', typed: false }],
  seedSalt: 'salt',
  sourceFolder: '.',
})

async function shots(t: TestContext, text = 'prompt\na\nb\n'): Promise<string> {
  const file = join(folderOf(t), 'shots.csv')
  await writeFile(file, text)
  return file
}

test('the same plan has the same hash, whenever it is run', async (t) => {
  const file = await shots(t)
  const hash = await planHash({ ...plan(), startedAt: new Date(0) }, file)
  assert.match(hash ?? '', /^[0-9a-f]{64}$/)
  assert.equal(await planHash({ ...plan(), startedAt: new Date(1e12) }, file), hash)
})

test('one byte of the jobs file more or other makes another', async (t) => {
  const hash = await planHash(plan(), await shots(t))
  assert.notEqual(await planHash(plan(), await shots(t, 'prompt\na\nc\n')), hash)
  assert.notEqual(await planHash(plan(), await shots(t, 'prompt\na\nb\n\n')), hash)
  assert.equal(await planHash(plan(), await shots(t)), hash)
})

test('another option makes another', async (t) => {
  const file = await shots(t)
  const others: readonly Partial<PlanOptions>[] = [
    { defaults: [{ address: 'steps', value: '5', typed: false }] },
    { defaults: [{ address: 'steps', value: '4', typed: true }] },
    { defaults: [] },
    { copies: 2 },
    { seed: 2 },
    { seedSalt: 'other' },
    { nameTemplate: '{prompt}' },
    { metaColumns: ['prompt'] },
    { sourceFolder: 'other' },
    { workflowFor: () => undefined },
  ]
  const hashes = [plan(), ...others.map((other) => ({ ...plan(), ...other }))].map(async (each) =>
    planHash(each, file),
  )
  assert.equal(new Set(await Promise.all(hashes)).size, others.length + 1)
})

test('another workflow makes another: its values, titles, path, roles and node classes', async (t) => {
  const file = await shots(t)
  const { nodes, source } = exampleWorkflow()
  const [id, node] = [...nodes][0] ?? assert.fail('it has nodes')
  const roles = new Map([['prompt', [{ node: '7', input: 'text' }]]])
  const sampler = { name: node.classType, input: {}, output: [], output_node: false }
  const workflows = [
    { nodes, source },
    { nodes, source: '/other.json' },
    { source, nodes: new Map([...nodes, [id, { ...node, title: 'Negative' }]]) },
    { source, nodes: new Map([...nodes, [id, { ...node, inputs: { ...node.inputs, cfg: 2n ** 63n } }]]) },
    {
      source,
      nodes: new Map([...nodes, [id, { ...node, inputs: { ...node.inputs, cfg: 2n ** 63n + 1n } }]]),
    },
    { nodes, source, settledRoles: { source: 'r.json', roles } },
    { nodes, source, nodeClasses: { [node.classType]: sampler } },
  ]
  const hashes = workflows.map(async (workflow) => planHash({ ...plan(), workflow }, file))
  assert.equal(new Set(await Promise.all(hashes)).size, workflows.length)
})

test('rows that are not those of a file on the disk have none', async (t) => {
  for (const source of [undefined, '-', folderOf(t), join(folderOf(t), 'gone.csv')])
    assert.equal(await planHash(plan(), source), undefined)
})
