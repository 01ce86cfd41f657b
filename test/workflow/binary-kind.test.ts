import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { binaryKind, isUtf16 } from '../../src/workflow/binary-kind.ts'

const kinds: readonly (readonly [bytes: string, kind: string | undefined])[] = [
  ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'PNG'],
  ['RIFF\x24\0\0\0WEBPVP8 ', 'WebP'],
  ['\xff\xd8\xff\xe0', 'JPEG'],
  ['GIF89a\x01\0\x01\0', 'GIF'],
  ['\0\0\0\x18ftypmp42\0\0', 'MP4'],
  ['\0\0\0\x18ftypavif\0\0', 'AVIF'],
  ['\x1a\x45\xdf\xa3\x9f', 'WebM'],
  ['fLaC\0\0\0', 'FLAC'],
  ['PK\x03\x04\0\0', 'unknown'],
  ['{"a": 1}', undefined],
  ['GIF', undefined],
  ['', undefined],
]
for (const [bytes, kind] of kinds) {
  test(`${JSON.stringify(bytes)} is ${kind ?? 'text'}`, () => {
    assert.equal(binaryKind(Buffer.from(bytes, 'latin1')), kind)
  })
}

test('UTF-16 with its mark is text, in both byte orders', () => {
  const little = Buffer.from('\uFEFF{}', 'utf16le')
  const big = Buffer.from(little).swap16()
  assert.deepEqual([binaryKind(little), binaryKind(big)], [undefined, undefined])
  assert.deepEqual([isUtf16(little), isUtf16(big), isUtf16(Buffer.from('{}'))], [true, true, false])
})

test('any JSON is text', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.equal(binaryKind(Buffer.from(text)), undefined)
    }),
  )
})
