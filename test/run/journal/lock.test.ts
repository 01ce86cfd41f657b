import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { takeLock } from '../../../src/run/journal/lock.ts'
import { folderOf } from '../../rig/folder.ts'

test('a lock that is held is an error that names its holder', async (t) => {
  const path = join(folderOf(t), 'lock')
  const release = await takeLock(path, 'out')
  await assert.rejects(takeLock(path, 'out'), {
    code: 'folder-in-use',
    message: new RegExp(`${process.pid}`),
  })
  await release()
  assert.deepEqual(await readdir(folderOf(t)), [])
  await (
    await takeLock(path, 'out')
  )()
})

test('the lock of a process that is gone is taken over, and so is a torn one', async (t) => {
  const { pid } = spawnSync(process.execPath, ['-e', '0'])
  const path = join(folderOf(t), 'lock')
  for (const content of [JSON.stringify({ pid, host: hostname(), at: '' }), '{"pid":']) {
    await writeFile(path, content)
    const release = await takeLock(path, 'out')
    assert.equal((JSON.parse(await readFile(path, 'utf8')) as { pid: number }).pid, process.pid)
    await release()
  }
})

test('the lock of another machine is believed', async (t) => {
  const path = join(folderOf(t), 'lock')
  await writeFile(path, JSON.stringify({ pid: 1, host: 'another-machine', at: '2026-01-02T03:04:05.000Z' }))
  await assert.rejects(takeLock(path, 'out'), {
    message: /process 1 on another-machine since 2026-01-02 03:04:05 UTC/,
  })
})
