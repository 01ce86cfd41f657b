import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, binary, comfyRun, startRig } from '../rig/rig.ts'

const isWindows = process.platform === 'win32'

test('a folder that cannot be written to is found out before anything is queued', async (t) => {
  const server = await startRig(t)
  await writeFile(join(folderOf(t), 'file'), '')
  await writeFile(join(folderOf(t), 'prompts.txt'), 'a\nb\n')
  for (const command of [
    ['txt2img', 'fox'],
    ['batch', 'prompts.txt'],
  ]) {
    const run = await comfyRun(t, [...command, '--server', server.url, '--out', 'file/out'])
    assertExit(run, 2)
    assert.match(run.stderr, /can't write file\/out.*\[folder-not-writable\]/s)
  }
  assert.equal(server.promptsRun, 0)
})

test('a disk that is full ends the run, and leaves no half of a file', { skip: isWindows }, async (t) => {
  const server = await startRig(t)
  const rows = Array.from({ length: 20 }, (_, index) => `fox ${index}`)
  await writeFile(join(folderOf(t), 'prompts.txt'), rows.join('\n'))
  // A process that may write no file larger than 20 kB meets the same errors as one on a full disk.
  const command = [
    'batch',
    'prompts.txt',
    '--server',
    server.url,
    '-o',
    'out',
    '--size',
    '512x512',
    '--steps',
    '1',
  ]
  const limited = 'trap "" XFSZ; ulimit -f 40; exec "$@"'
  const child = spawn('sh', ['-c', limited, 'sh', process.execPath, binary, ...command], {
    cwd: folderOf(t),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  const status = await new Promise((resolve) => child.on('close', resolve))
  assert.equal(status, 1, stderr)
  assert.match(stderr, /can't write out\/fox-\d+.*\[disk-failed\]/s)
  assert.match(stderr, /\d+ not run/)
  assert.ok(server.promptsRun < rows.length)
  assert.deepEqual(imagesIn(t, 'out'), [])
  assert.ok(!readdirSync(join(folderOf(t), 'out')).some((name) => name.endsWith('.part')))
})
