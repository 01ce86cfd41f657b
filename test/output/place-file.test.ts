import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { placeFile } from '../../src/output/place-file.ts'
import { folderOf } from '../rig/folder.ts'

function noLinks(): never {
  throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' })
}

for (const [disk, makeLink] of [
  ['with hard links', undefined],
  ['without hard links', noLinks],
] as const) {
  test(`on a disk ${disk} a free name is taken, and a file that has it never overwritten`, async (t) => {
    const folder = folderOf(t)
    writeFileSync(join(folder, 'fox.png'), 'first')
    writeFileSync(join(folder, '.part'), 'new')
    assert.equal(await placeFile(join(folder, '.part'), join(folder, 'fox.png'), makeLink), false)
    assert.deepEqual(readdirSync(folder).sort(), ['.part', 'fox.png'])
    assert.equal(readFileSync(join(folder, 'fox.png'), 'utf8'), 'first')
    assert.equal(await placeFile(join(folder, '.part'), join(folder, 'owl.png'), makeLink), true)
    assert.deepEqual(readdirSync(folder).sort(), ['fox.png', 'owl.png'])
    assert.equal(readFileSync(join(folder, 'owl.png'), 'utf8'), 'new')
  })

  test(`on a disk ${disk} a failure leaves no empty file behind`, async (t) => {
    const folder = folderOf(t)
    const placing = placeFile(join(folder, 'missing'), join(folder, 'fox.png'), makeLink)
    await assert.rejects(placing, { code: 'ENOENT' })
    assert.deepEqual(readdirSync(folder), [])
  })
}
