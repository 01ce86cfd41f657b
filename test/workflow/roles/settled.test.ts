import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../../src/protocol/json.ts'
import { findRoles } from '../../../src/workflow/roles.ts'
import { settledRole, titledLike } from '../../../src/workflow/roles/settled.ts'
import type { Workflow } from '../../../src/workflow/workflow.ts'
import { addresses, fixture, ref } from '../helpers.ts'

/** A fixture with a `comfy-run` block in a node. */
function withBlock(name: string, node: string, block: JsonValue): Workflow {
  const workflow = fixture(name)
  const nodes = new Map(workflow.nodes)
  const found = nodes.get(node)
  assert.ok(found)
  nodes.set(node, { ...found, meta: { title: found.title ?? '', 'comfy-run': block } })
  return { ...workflow, nodes }
}

test('a block of a node says which of its inputs plays a role', () => {
  const workflow = withBlock('hires', '21', { steps: 'steps', seed: ['seed'] })
  const steps = findRoles(workflow).get('steps')
  assert.equal(addresses(steps?.targets ?? []), '21.steps')
  assert.equal(steps?.problem, undefined)
  assert.deepEqual(steps?.notes, ['settled by the comfy-run block of node 21'])
  assert.equal(addresses(findRoles(workflow).get('seed')?.targets ?? []), '21.seed')
  assert.equal(settledRole(workflow, 'cfg'), undefined)
})

test('the file beside the workflow wins over blocks, and may say that there is none', () => {
  const roles = new Map([
    ['steps', [ref('3.steps'), ref('21.steps')]],
    ['negative', []],
  ])
  const workflow = {
    ...withBlock('hires', '21', { steps: 'steps' }),
    settledRoles: { source: 'hires.roles.json', roles },
  }
  assert.equal(addresses(findRoles(workflow).get('steps')?.targets ?? []), '3.steps 21.steps')
  assert.equal(findRoles(workflow).get('negative')?.problem, 'hires.roles.json says that there is none')
})

test('an input that is not there is a problem, and sets nothing', () => {
  for (const block of [{ steps: 'step' }, { steps: 4 }, { steps: 'constructor' }]) {
    const { targets, problem } = findRoles(withBlock('hires', '21', block)).get('steps') ?? {}
    assert.deepEqual(targets, [])
    assert.match(problem ?? '', /^the comfy-run block of node 21 names the input ".*", which is not there$/)
  }
})

test('a block that is none is passed over', () => {
  assert.equal(settledRole(withBlock('hires', '21', 'steps'), 'steps'), undefined)
})

/** A fixture with a title given to a node. */
function titled(name: string, titles: Record<string, string>): Workflow {
  const workflow = fixture(name)
  const nodes = Array.from(workflow.nodes, ([id, node]) => {
    const title = titles[id]
    return [id, title === undefined ? node : { ...node, title }] as const
  })
  return { ...workflow, nodes: new Map(nodes) }
}

test('of several candidates the node that is titled like the role is meant', () => {
  const { targets, problem, notes } = findRoles(titled('hires', { 21: 'Steps' })).get('steps') ?? {}
  assert.equal(addresses(targets ?? []), '21.steps')
  assert.equal(problem, undefined)
  assert.deepEqual(notes, ['settled by the title of node 21; 3.steps could be meant as well'])
  const both = findRoles(titled('hires', { 3: 'Steps', 21: 'Steps' })).get('steps')
  assert.match(both?.problem ?? '', /^several inputs/)
})

test('the titles of the prompts', () => {
  const workflow = titled('refiner', {
    6: 'Positive',
    15: 'Positive prompt',
    7: ' negative ',
    16: 'Not negative',
  })
  assert.equal(
    addresses(titledLike(workflow, 'prompt', [ref('6.text'), ref('7.text'), ref('15.text')])),
    '6.text 15.text',
  )
  assert.equal(addresses(titledLike(workflow, 'negative', [ref('7.text'), ref('16.text')])), '7.text')
  assert.equal(addresses(titledLike(workflow, 'negative', [ref('6.text'), ref('16.text')])), '6.text 16.text')
})
