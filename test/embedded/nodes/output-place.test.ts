import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { NodeError } from '../../../src/embedded/node.ts'
import { numberedName, outputPlace } from '../../../src/embedded/nodes/output-place.ts'
import { folderOf } from '../../rig/folder.ts'

const size = { width: 640, height: 480 }
const now = new Date(2026, 0, 5, 7, 8, 9)

test('a prefix may name folders, which are made', async (t) => {
  const output = folderOf(t)
  const place = await outputPlace('a/b/img', output, size)
  assert.deepEqual(place, { folder: join(output, 'a', 'b'), subfolder: 'a/b', name: 'img', counter: 1 })
  await writeFile(join(place.folder, 'img_00001_.png'), '')
})

for (const [prefix, name] of [
  ['', '.'],
  ['a/', 'a'],
  ['x/../y', 'y'],
  ['%width%x%height%', '640x480'],
  ['%year%-%month%-%day%_%hour%%minute%%second%', '2026-01-05_070809'],
  ['%date:yyyy-MM-dd%', '%date:yyyy-MM-dd%'],
  ['%KSampler.seed%', '%KSampler.seed%'],
  ['%batch_num%', '%batch_num%'],
] as const) {
  test(`the prefix '${prefix}' gives the name '${name}'`, async (t) => {
    assert.equal((await outputPlace(prefix, folderOf(t), size, now)).name, name)
  })
}

test('numbers go on after the highest one of the prefix, with any extension', async (t) => {
  const output = folderOf(t)
  const files = [
    'p_00003_.png',
    'p_00012.txt',
    'p_00007_.webm',
    'p_other_00090_.png',
    'pp_00080_.png',
    'p_x.png',
  ]
  await Promise.all(files.map((file) => writeFile(join(output, file), '')))
  assert.equal((await outputPlace('p', output, size)).counter, 13)
})

for (const [prefix, folder] of [
  ['../x', '.'],
  ['a/../../x', '.'],
  ['/etc/x', '/etc'],
] as const) {
  test(`the prefix '${prefix}' leads out and is refused as ComfyUI does`, async (t) => {
    const root = folderOf(t)
    const output = join(root, 'output')
    await mkdir(output)
    const there = folder === '.' ? root : folder
    const message = `**** ERROR: Saving image outside the output folder is not allowed.\n full_output_folder: ${there}\n         output_dir: ${output}`
    await assert.rejects(outputPlace(prefix, output, size), (error) => {
      assert.ok(error instanceof NodeError)
      assert.deepEqual([error.exceptionType, error.message], ['Exception', message])
      return true
    })
  })
}

test('names are numbered with five digits, more if need be', () => {
  assert.equal(numberedName('a', 7, '_.png'), 'a_00007_.png')
  assert.equal(numberedName('a', 123456, '.flac'), 'a_123456.flac')
})
