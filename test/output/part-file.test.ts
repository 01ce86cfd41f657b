import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { partPath, removeStaleParts } from '../../src/output/part-file.ts'
import { folderOf } from '../rig/folder.ts'

test('names are hidden, in the same folder, new each time, and never too long', () => {
  const path = join('out', 'sub', `${'狐'.repeat(80)}.png`)
  const parts = [partPath(path), partPath(path)]
  assert.equal(new Set(parts).size, 2)
  for (const part of parts) {
    assert.equal(dirname(part), dirname(path))
    assert.match(basename(part), /^\..*\.part$/)
    assert.ok(Buffer.byteLength(basename(part)) < 255)
  }
})

test('only what another process has left of the very same file is removed', async (t) => {
  const folder = folderOf(t)
  const path = join(folder, 'fox.png')
  const source = new URL('../../src/output/part-file.ts', import.meta.url).href
  const script = `import { partPath } from ${JSON.stringify(source)}; process.stdout.write(partPath(process.argv[1]))`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script, path]
  const stale = execFileSync(process.execPath, args, { encoding: 'utf8' })
  const kept = [partPath(path), partPath(join(folder, 'fox.json')), path, join(folder, '.fox.png.part')]
  for (const file of [stale, ...kept]) writeFileSync(file, '')
  assert.equal(readdirSync(folder).length, 5)
  await removeStaleParts(path)
  assert.deepEqual(readdirSync(folder).sort(), kept.map((file) => basename(file)).sort())
  await removeStaleParts(join(folder, 'missing', 'fox.png'))
})
