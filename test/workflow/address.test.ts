import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { resolveAddress } from '../../src/workflow/address.ts'
import { roleNames } from '../../src/workflow/roles.ts'
import { addresses, allInputs, failure, fixture, graph, workflows } from './helpers.ts'

const usual = fixture('ksampler')
const refused = (address: string, workflow = usual): [code: string, message: string, hint: string] => {
  const { code, message, hint = '' } = failure(() => resolveAddress(workflow, address))
  return [code, message, hint]
}

test('an input is named by node id, by class, by title, or by role', () => {
  for (const address of ['3.seed', 'KSampler.seed', '@Sampler.seed', 'seed']) {
    assert.equal(addresses(resolveAddress(usual, address)), '3.seed', address)
  }
  assert.equal(addresses(resolveAddress(fixture('subgraph-ids'), '57:6.text')), '57:6.text')
})

test('a role names all its inputs', () => {
  assert.equal(addresses(resolveAddress(fixture('refiner'), 'steps')), '10.steps 11.steps')
})

test('ids, titles and inputs may hold dots', () => {
  const dotted = graph({
    '4.0.0.2': ['Loader', { 'model.prompt': 'a' }, 'v1.5 model'],
  })
  for (const name of ['4.0.0.2', 'Loader', '@v1.5 model']) {
    assert.equal(addresses(resolveAddress(dotted, `${name}.model.prompt`)), '4.0.0.2.model.prompt')
  }
})

test('a class that several nodes have is ambiguous, unless one of them only has the input', () => {
  assert.deepEqual(refused('CLIPTextEncode.text'), [
    'ambiguous-address',
    '"CLIPTextEncode.text" could be any of 2 nodes that are of class CLIPTextEncode',
    "use the node's id: 6.text or 7.text",
  ])
  const two = graph({ 1: ['Text', { text: 'a' }], 2: ['Text', { other: 'b' }] })
  assert.equal(addresses(resolveAddress(two, 'Text.other')), '2.other')
})

test('a title that several nodes have is ambiguous', () => {
  const [code, message, hint] = refused('@Sampler.steps', fixture('hires'))
  assert.equal(code, 'ambiguous-address')
  assert.match(message, /2 nodes that are titled "Sampler"/)
  assert.match(hint, /3\.steps or 21\.steps/)
})

test('roles that are ambiguous or absent are refused with what helps', () => {
  assert.deepEqual(refused('steps', fixture('hires')), [
    'ambiguous-role',
    '"steps" is ambiguous in hires.json: several inputs could be meant, with different values: 3.steps, 21.steps',
    'name the one that is meant, e.g. --set 3.steps=..., or settle it for good in a .roles.json',
  ])
  const [code, message] = refused('width', fixture('size-from-image'))
  assert.equal(code, 'unknown-role')
  assert.equal(
    message,
    'size-from-image.json has no "width": it is the size of what node 10 (LoadImage) loads',
  )
  assert.equal(refused('negative', fixture('shared-negative'))[0], 'unknown-role')
})

test('what is misspelt is refused with what may be meant', () => {
  const hints: readonly (readonly [address: string, meant: string])[] = [
    ['KSampler.stpes', 'KSampler.steps'],
    ['KSamplr.steps', 'KSampler.steps'],
    ['@Positve.text', '@Positive.text'],
    ['promt', 'prompt'],
    ['3.sede', '3.seed'],
  ]
  for (const [address, meant] of hints) {
    const [code, , hint] = refused(address)
    assert.equal(code, 'unknown-address')
    assert.ok(hint.includes(`"${meant}"`), `${address}: ${hint}`)
  }
})

for (const input of ['constructor', 'toString', '__proto__', 'hasOwnProperty', '']) {
  test(`no node has an input "${input}"`, () => {
    assert.equal(refused(`6.${input}`)[0], 'unknown-address')
    assert.equal(refused(`CLIPTextEncode.${input}`)[0], 'unknown-address')
  })
}

test('any input of any workflow is found by its id', () => {
  fc.assert(
    fc.property(workflows, (workflow) => {
      for (const { node, input } of allInputs(workflow)) {
        // A dot in an id or an input may make two addresses the same.
        if (node.includes('.') || input.includes('.') || node.startsWith('@')) continue
        const address = `${node}.${input}`
        assert.deepEqual(resolveAddress(workflow, address), [{ node, input }])
      }
    }),
  )
})

test('any text is an address of inputs that are there, or refused', () => {
  const tries = fc.oneof(fc.string(), fc.constantFrom(...roleNames, '.', '@.', '6.', '.text', '@Positive.'))
  fc.assert(
    fc.property(workflows, tries, (workflow, address) => {
      let found: readonly { node: string; input: string }[] = []
      try {
        found = resolveAddress(workflow, address)
      } catch {
        assert.match(failure(() => resolveAddress(workflow, address)).code, /^(?:unknown|ambiguous)-/)
        return
      }
      assert.ok(found.length > 0)
      for (const { node, input } of found) {
        assert.ok(Object.hasOwn(workflow.nodes.get(node)?.inputs ?? {}, input))
      }
    }),
  )
})
