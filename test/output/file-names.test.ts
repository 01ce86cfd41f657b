import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileStem, safeExtension } from '../../src/output/file-names.ts'

const extensions: readonly (readonly [
  filename: string,
  contentType: string | undefined,
  expected: string,
])[] = [
  ['ComfyUI_00001_.png', undefined, 'png'],
  ['ComfyUI_00001_.PNG', undefined, 'png'],
  ['archive.tar.gz', 'image/png', 'gz'],
  ['song.mp3', undefined, 'mp3'],
  ['noextension', 'image/webp', 'webp'],
  ['noextension', 'Image/JPEG; charset=binary', 'jpg'],
  ['noextension', 'application/x-unknown', 'bin'],
  ['noextension', undefined, 'bin'],
  ['a.png/../../.bashrc\n', 'image/png', 'png'],
  ['evil.p\u202Eng', undefined, 'bin'],
  ['stream.png:hidden', undefined, 'bin'],
  ['far.toolongending', undefined, 'bin'],
  ['dot.', 'image/gif', 'gif'],
]

test('an extension is taken from the server only if it can do no harm', () => {
  for (const [filename, contentType, expected] of extensions) {
    assert.equal(safeExtension(filename, contentType), expected, JSON.stringify(filename))
  }
})

test('only several files of one job are numbered', () => {
  assert.equal(fileStem('a-fox_1', 0, 1), 'a-fox_1')
  assert.deepEqual(
    [0, 1].map((index) => fileStem('a-fox_1', index, 2)),
    ['a-fox_1_1', 'a-fox_1_2'],
  )
})
