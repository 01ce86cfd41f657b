import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { readServersFile } from '../../src/cli/servers-file.ts'
import { folderOf } from '../rig/folder.ts'

test('a list of servers is YAML or JSON', async (t) => {
  const file = join(folderOf(t), 'servers.yaml')
  await writeFile(
    file,
    '- http://a:8188\n- url: https://b\n  headers: { X-Key: k }\n  ca: b.pem\n  insecure: true\n',
  )
  const ca = resolve(folderOf(t), 'b.pem')
  assert.deepEqual(await readServersFile(file), [
    { url: 'http://a:8188' },
    { url: 'https://b', headers: { 'X-Key': 'k' }, ca, insecure: true },
  ])
  await writeFile(file, '- { url: a, output: . }')
  assert.deepEqual(await readServersFile(file), [{ url: 'a', outputFolder: folderOf(t) }])
  await writeFile(file, '- { url: a, output: none }')
  assert.deepEqual(await readServersFile(file), [{ url: 'a', outputFolder: false }])
  await writeFile(file, '["a", {"url": "b", "token": "t"}]')
  assert.deepEqual(await readServersFile(file), [{ url: 'a' }, { url: 'b', token: 't' }])
})

test('a fault is shown with its place, never with the text around it', async (t) => {
  const file = join(folderOf(t), 'servers.yaml')
  const faults: [string, number | undefined][] = [
    ['- a\n- url: b\n  tokn: secret\n', 2],
    ['- a\n- [secret\n', 3],
    ['secret: 1\n', 1],
    ['- a\n- { url: b, token: secret, output: nowhere }\n', 2],
    ['', 1],
  ]
  for (const [text, line] of faults) {
    await writeFile(file, text)
    await assert.rejects(readServersFile(file), (error: { message: string; where?: { line?: number } }) => {
      assert.equal(error.where?.line, line, text)
      assert.ok(!JSON.stringify(error).includes('secret') && !error.message.includes('secret'))
      return true
    })
  }
  await assert.rejects(readServersFile('nowhere.yaml'), { code: 'file-not-found' })
})
