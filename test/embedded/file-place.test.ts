import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { annotated, folderNamed, placeIn } from '../../src/embedded/file-place.ts'

const folder = resolve('/srv/output')

test('places below a folder are found, others are not', () => {
  assert.equal(placeIn(folder, 'a', 'b.png'), join(folder, 'a', 'b.png'))
  assert.equal(placeIn(folder, 'a/../b', 'c'), join(folder, 'b', 'c'))
  assert.equal(placeIn(folder, ''), folder)
  assert.equal(placeIn(folder, '..x'), join(folder, '..x'))
  for (const part of ['..', '../x', 'a/../../x', '/etc', '../output-2/x']) {
    assert.equal(placeIn(folder, part), undefined, part)
  }
})

test('a name can carry its folder', () => {
  assert.deepEqual(annotated('x.png [input]'), { name: 'x.png', folder: 'input' })
  assert.deepEqual(annotated('x.png[input]'), { name: 'x.png[input]' })
  assert.deepEqual(annotated('x.png [other]'), { name: 'x.png [other]' })
})

test('only the three folders have names', () => {
  const folders = { input: '/i', output: '/o', temp: '/t' }
  assert.equal(folderNamed('temp', folders), '/t')
  assert.equal(folderNamed('toString', folders), undefined)
})
