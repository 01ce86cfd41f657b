import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFileRole, isFurtherFile, roleNames } from '../../../src/workflow/roles/role-names.ts'

test('file roles are images, masks, videos and audio, further ones too', () => {
  assert.deepEqual(
    roleNames.filter((role) => isFileRole(role) && !isFurtherFile(role)),
    ['image', 'mask', 'video', 'audio'],
  )
  assert.ok(roleNames.filter(isFurtherFile).every(isFileRole))
  assert.ok(!isFileRole('images') && !isFileRole('image10'))
})
