import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { parseExpectations } from '../../src/expectations.ts'
import { fileRules } from '../../src/run/file-rules.ts'
import { folderOf } from '../rig/folder.ts'

test('by default names are numbered, and there are neither sidecars nor checks', async (t) => {
  const { placer, sidecar, expect } = await fileRules()
  assert.deepEqual([sidecar, expect], [false, []])
  writeFileSync(join(folderOf(t), 'fox.png'), 'mine')
  const part = join(folderOf(t), '.part')
  writeFileSync(part, 'new')
  const file = { part, stem: join(folderOf(t), 'fox'), extension: 'png', bytes: 3, sha256: 'abc' }
  assert.equal(basename((await placer.place(file)).path), 'fox-2.png')
})

test('an image to compare with that is not there is an error at once', async (t) => {
  const expect = parseExpectations(`similar=${join(folderOf(t), 'none.png')}`)
  await assert.rejects(fileRules({ expect }), { code: 'file-not-found', exitCode: 2 })
})
