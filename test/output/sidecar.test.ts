import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sidecarPath, writeSidecar } from '../../src/output/sidecar.ts'
import { keepSecret } from '../../src/secrets.ts'
import { folderOf } from '../rig/folder.ts'

const file = { file: 'fox.png', bytes: 3, sha256: 'abc' }

test('a sidecar has the name of its file; that of a JSON file can not be the file', () => {
  assert.equal(sidecarPath('out/fox', 'png'), 'out/fox.json')
  assert.equal(sidecarPath('out/fox', 'json'), 'out/fox.json.json')
})

test('it begins with our mark and the file, and shows no secret; large numbers are text', async (t) => {
  keepSecret('tok"en-1234')
  const path = join(folderOf(t), 'fox.json')
  const record = {
    comfyRun: '1.0.0',
    key: 'k1',
    settings: { prompt: 'a tok"en-1234 fox', '6.seed': 2n ** 63n, steps: 4, list: ['http://me:pw@host/'] },
  }
  assert.equal(await writeSidecar(path, file, record, { mayReplace: false }), 'written')
  assert.equal(
    readFileSync(path, 'utf8'),
    `${JSON.stringify(
      {
        comfyRun: '1.0.0',
        ...file,
        key: 'k1',
        settings: {
          prompt: 'a *** fox',
          '6.seed': '9223372036854775808',
          steps: 4,
          list: ['http://***@host/'],
        },
      },
      null,
      2,
    )}\n`,
  )
})

test('only what may be replaced is, and nothing is left behind', async (t) => {
  const path = join(folderOf(t), 'fox.json')
  const write = async (key: string, mayReplace: boolean): Promise<string> =>
    writeSidecar(path, file, { comfyRun: '1.0.0', key }, { mayReplace })
  const cases: readonly (readonly [before: string, key: string, mayReplace: boolean, result: string])[] = [
    ['{"comfyRun": "1", "file": "fox.png", "key": "k1"}', 'k1', false, 'written'],
    ['{"comfyRun": "1", "file": "fox.png", "key": "k1"}', 'k2', false, 'taken'],
    ['{"comfyRun": "1", "file": "fox.png", "key": "k1"}', 'k2', true, 'written'],
    ['{"comfyRun": "1", "file": "fox.webp", "key": "k1"}', 'k1', true, 'taken'],
    ['{"file": "fox.png", "key": "k1"}', 'k1', true, 'taken'],
    ['not JSON', 'k1', true, 'taken'],
  ]
  for (const [before, key, mayReplace, result] of cases) {
    writeFileSync(path, before)
    assert.equal(await write(key, mayReplace), result, before)
    assert.equal(readFileSync(path, 'utf8') === before, result === 'taken')
    assert.deepEqual(readdirSync(folderOf(t)), ['fox.json'])
  }
})
