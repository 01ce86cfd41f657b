import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bypassSocket } from '../../../src/workflow/convert/bypass.ts'
import { inputsOf, uiGraph, type LinkSpec, type NodeSpec } from './helpers.ts'

const image: NodeSpec = { type: 'LoadImage', out: ['IMAGE', 'MASK'] }

/** What a node gets that comes after a bypassed one, whose inputs come from 1, 2 and 3. */
function behind(node: NodeSpec, slot: number, type = 'Save'): unknown {
  const name = type === 'Save' ? 'images' : 'anything'
  const taker: NodeSpec = { type, in: { [name]: [type === 'Save' ? 'IMAGE' : '*', 9] } }
  const links: LinkSpec[] = [
    [1, 1, 1, 5, 0],
    [2, 2, 0, 5, 1],
    [3, 3, 0, 5, 2],
    [9, 5, slot, 6, 0],
  ]
  const graph = uiGraph({ 1: image, 2: image, 3: image, 5: { ...node, mode: 4 }, 6: taker }, links)
  return inputsOf(graph)['6']?.[name]
}

const blend: NodeSpec = {
  type: 'Blend',
  in: { mask: ['MASK', 1], image1: ['IMAGE', 2], image2: ['IMAGE', 3] },
  out: ['IMAGE', 'MASK'],
}

test('a bypassed node passes on the first input of the type that is wanted', () => {
  assert.deepEqual(behind(blend, 0), ['2', 0])
})

test('the input at the place of the output goes first, if its type fits', () => {
  const other: NodeSpec = { ...blend, type: 'Blend', out: ['MASK', 'MASK', 'IMAGE'] }
  assert.deepEqual(behind(other, 2), ['3', 0])
})

test('who takes anything gets what is at the same place', () => {
  assert.deepEqual(behind(blend, 0, 'Show'), ['1', 1])
  assert.deepEqual(behind(blend, 1, 'Show'), ['2', 0])
})

test('an input that is not linked passes nothing on, and there is no other', () => {
  const cut: NodeSpec = { ...blend, in: { mask: ['MASK', 1], image1: ['IMAGE'], image2: ['IMAGE', 3] } }
  assert.equal(behind(cut, 0), undefined)
})

test('a bypassed node of an unknown class has the inputs that the file gives it', () => {
  const unknown: NodeSpec = { type: 'Gone', in: { m: ['MASK', 1], i: ['IMAGE', 2] }, out: ['IMAGE'] }
  assert.deepEqual(behind(unknown, 0), ['2', 0])
})

test('bypassed nodes in a row are passed through, and a muted one among them passes nothing', () => {
  const nodes = (mode: number): Record<string, NodeSpec> => ({
    1: image,
    2: { type: 'Scale', mode: 4, in: { image: ['IMAGE', 1] }, out: ['IMAGE'] },
    3: { type: 'Scale', mode, in: { image: ['IMAGE', 2] }, out: ['IMAGE'] },
    4: { type: 'Save', in: { images: ['IMAGE', 3] } },
  })
  const links: LinkSpec[] = [
    [1, 1, 0, 2, 0],
    [2, 2, 0, 3, 0],
    [3, 3, 0, 4, 0],
  ]
  assert.deepEqual(inputsOf(uiGraph(nodes(4), links))['4']?.['images'], ['1', 0])
  assert.equal(inputsOf(uiGraph(nodes(2), links))['4']?.['images'], undefined)
})

test('of several types one must be the same; the exact one is preferred to one that fits', () => {
  const sockets = [
    { name: 'm', type: 'MASK' },
    { name: 'both', type: 'IMAGE,MASK' },
    { name: 'any', type: '*' },
    { name: 'i', type: 'IMAGE' },
  ]
  const name = (slot: number, wanted: string, outputs: readonly string[] = []): string | undefined =>
    bypassSocket({ sockets, outputs }, slot, wanted)?.name
  assert.equal(name(0, 'IMAGE'), 'i')
  assert.equal(name(1, 'IMAGE'), 'both')
  assert.equal(name(0, 'VIDEO,image'), 'both')
  assert.equal(name(0, 'MODEL'), 'any')
  assert.equal(name(9, '*'), 'm')
  assert.equal(bypassSocket({ sockets: sockets.slice(0, 2), outputs: [] }, 0, 'MODEL'), undefined)
  assert.equal(bypassSocket({ sockets: [], outputs: [] }, 0, '*'), undefined)
})

test('what is passed on must fit the output, too, but for what is of exactly the type that is wanted', () => {
  const sockets = [
    { name: 'm', type: 'MASK' },
    { name: 'i', type: 'IMAGE' },
  ]
  const name = (output: string, wanted: string): string | undefined =>
    bypassSocket({ sockets, outputs: [output] }, 0, wanted)?.name
  assert.equal(name('MASK', 'IMAGE,MASK'), 'm')
  assert.equal(name('IMAGE', 'IMAGE,MASK'), 'i')
  assert.equal(name('LATENT', 'IMAGE,MASK'), undefined)
  assert.equal(name('LATENT', 'IMAGE'), 'i')
})
