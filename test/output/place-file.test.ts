import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { placeFile } from '../../src/output/place-file.ts'
import { folderOf } from '../rig/folder.ts'

async function noLinks(): Promise<void> {
  throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' })
}

for (const [disk, makeLink] of [
  ['with hard links', undefined],
  ['without hard links', noLinks],
] as const) {
  test(`on a disk ${disk} the first free name is taken, and nothing overwritten`, async (t) => {
    const folder = folderOf(t)
    writeFileSync(join(folder, 'fox.png'), 'first')
    writeFileSync(join(folder, 'fox-2.png'), 'second')
    writeFileSync(join(folder, '.part'), 'new')
    const path = await placeFile(join(folder, '.part'), join(folder, 'fox'), 'png', makeLink)
    assert.equal(path, join(folder, 'fox-3.png'))
    const texts = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])
    assert.deepEqual(Object.fromEntries(texts), {
      'fox.png': 'first',
      'fox-2.png': 'second',
      'fox-3.png': 'new',
    })
  })

  test(`on a disk ${disk} a failure leaves no empty file behind`, async (t) => {
    const folder = folderOf(t)
    const placing = placeFile(join(folder, 'missing'), join(folder, 'fox'), 'png', makeLink)
    await assert.rejects(placing, { code: 'ENOENT' })
    assert.deepEqual(readdirSync(folder), [])
  })
}
