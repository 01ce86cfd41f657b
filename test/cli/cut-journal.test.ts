import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const prompts = ['one', 'two', 'three']

test('a journal that was cut anywhere: the same batch goes on, no job that ended is run again, no image is lost', async (t) => {
  const server = await startRig(t)
  await writeFile(join(folderOf(t), 'shots.csv'), ['prompt', ...prompts].join('\n'))
  const args = ['batch', 'shots.csv', '--size', '64x64', '--steps', '1', '--name', '{prompt}', '-o', 'out']
  const all = [...args, '--server', server.url]
  assertExit(await comfyRun(t, all), 0)
  const journal = join(folderOf(t), 'out/.comfy-run/journal.jsonl')
  const lines = readFileSync(journal, 'utf8').split('\n')
  const last = (type: string): number => lines.findLastIndex((line) => line.includes(`"type":"${type}"`))
  const upTo = (line: number): number => Buffer.byteLength(`${lines.slice(0, line).join('\n')}\n`)
  // The last job is known to have been sent, but not what became of it.
  const [from, to] = [upTo(last('submitted') + 1), upTo(last('end') + 1)]
  assert.ok(to - from > 200, 'there is something to cut')
  for (const cut of [from, from + 1, Math.floor((from + to) / 2), upTo(last('done') + 1) - 1, to - 1]) {
    await truncate(journal, cut)
    assertExit(await comfyRun(t, all), 0)
    assert.equal(server.promptsRun, 3, `cut at byte ${cut}`)
    assert.deepEqual(imagesIn(t, 'out'), ['one.png', 'three.png', 'two.png'])
  }
})
