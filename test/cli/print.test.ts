import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const small = ['--size', '64x64', '--steps', '1', '-o', 'out']

test('--print puts out its line for each file, in place of the path', async (t) => {
  const server = await startRig(t)
  await writeFile(join(folderOf(t), 'shots.csv'), 'prompt,seed,name\none,7,a\ntwo,8,b\n')
  const template = '{job:03} {name} {path} {seed} {kind} {server} {{}}'
  const run = await comfyRun(t, ['batch', 'shots.csv', ...small, '--print', template, '--server', server.url])
  assertExit(run, 0)
  const lines = ['a', 'b'].map((name, at) => {
    return `00${at + 1} ${name} ${join('out', `${name}.png`)} ${7 + at} output ${server.url} {}\n`
  })
  assert.equal(
    run.stdout
      .split(/(?<=\n)/)
      .sort()
      .join(''),
    lines.join(''),
  )
})

test('an unknown placeholder: exit 2 with what lies near, nothing queued', async (t) => {
  const server = await startRig(t)
  const run = await comfyRun(t, ['txt2img', 'a fox', ...small, '--print', '{pth}', '--server', server.url])
  assertExit(run, 2)
  assert.match(run.stderr, /there is no placeholder \{pth\} +\[bad-option\]\n +hint: did you mean "path"\?/)
  assert.equal(server.promptsRun, 0)
})

test('--print and --json both want stdout: exit 2', async (t) => {
  const run = await comfyRun(t, ['txt2img', 'a fox', ...small, '--print', '{path}', '--json'])
  assertExit(run, 2)
  assert.match(run.stderr, /--print.*cannot be used with.*--json/)
})
