import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

test('of 20 rows 3 fail: 17 files, exit 3, the three rows written; mended, they finish', async (t) => {
  const server = await startRig(t)
  const prefixes = Array.from({ length: 20 }, (_, index) => (index % 7 === 3 ? '../../../../a' : 'a'))
  const rows = prefixes.map((prefix, index) => `"job ${index}, of 20",${prefix},job-${index}`)
  await writeFile(join(folderOf(t), 'shots.csv'), ['prompt,prefix,name', ...rows].join('\n'))
  const common = ['--size', '64x64', '--steps', '1', '-o', 'out', '--server', server.url]
  const run = await comfyRun(t, ['batch', 'shots.csv', ...common, '--failed-out', 'failed.csv'])
  assertExit(run, 3)
  assert.equal(imagesIn(t, 'out').length, 17)
  assert.match(run.stderr, /the rows that failed are in failed\.csv/)
  const failed = join(folderOf(t), 'failed.csv')
  const text = await readFile(failed, 'utf8')
  const expected = ['prompt,prefix,name', rows[3], rows[10], rows[17]].join('\n')
  assert.equal(text.trimEnd(), expected)
  await writeFile(failed, text.replaceAll('../', ''))
  assertExit(await comfyRun(t, ['batch', 'failed.csv', ...common]), 0)
  assert.equal(imagesIn(t, 'out').length, 20)
  assert.equal(server.promptsRun, 23)
})

test('--failed-out needs a jobs file', async (t) => {
  const run = await comfyRun(t, ['txt2img', 'a fox', '--failed-out', 'failed.csv', '--server', 'embedded'])
  assertExit(run, 2)
  assert.match(run.stderr, /needs a jobs file/)
})
