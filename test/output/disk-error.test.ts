import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError } from '../../src/errors.ts'
import { asDiskError } from '../../src/output/disk-error.ts'

function refusal(code: string, text: string): Error {
  return Object.assign(new Error(`${code}: ${text}`), { code, syscall: 'open' })
}

test('a refusal of the file system names the file, the reason and a way out', () => {
  const hints: readonly (readonly [code: string, text: string, message: string, hint: RegExp])[] = [
    ['ENOSPC', 'no space left on device, write', 'no space left on device', /disk is full/],
    ['EACCES', "permission denied, open '/o/.a.part'", 'permission denied', /--out/],
    ['EROFS', "read-only file system, mkdir '/o'", 'read-only file system', /only be read/],
  ]
  for (const [code, text, reason, hint] of hints) {
    const error = asDiskError(refusal(code, text), 'o/a.png')
    assert.ok(error instanceof ComfyRunError)
    assert.equal(error.code, 'disk-failed')
    assert.equal(error.message, `can't write o/a.png: ${code}: ${reason}`)
    assert.match(error.hint ?? '', hint)
  }
})

test('any other error is left as it is', () => {
  for (const error of [new ComfyRunError('damaged-file', 'no'), new TypeError('bug'), 'text']) {
    assert.equal(asDiskError(error, 'o/a.png'), error)
  }
})
