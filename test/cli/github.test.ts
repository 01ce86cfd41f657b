import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const small = ['--size', '64x64', '--steps', '1', '-o', 'out']

function onGithub(t: TestContext): { readonly env: Record<string, string>; readonly summary: string } {
  const summary = join(folderOf(t), 'summary.md')
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folderOf(t), GITHUB_STEP_SUMMARY: summary }
  return { env, summary }
}

function commandsIn(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('::'))
}

test('a failed job is annotated at its row, and the summary names it', async (t) => {
  const server = await startRig(t)
  const { env, summary } = onGithub(t)
  await mkdir(join(folderOf(t), 'jobs'))
  await writeFile(join(folderOf(t), 'jobs/shots.csv'), 'prompt,prefix,name\none,x,a\ntwo,../../../../x,b\n')
  await writeFile(summary, 'before\n')
  const args = ['batch', join(folderOf(t), 'jobs/shots.csv'), ...small, '--server', server.url]
  const run = await comfyRun(t, args, { env })
  assertExit(run, 3)
  assert.equal(run.stdout, `${join('out', 'a.png')}\n`)
  const [command = '', ...others] = commandsIn(run.stderr)
  assert.deepEqual(others, [])
  assert.match(command, /^::error file=jobs\/shots\.csv,line=3,title=comfy-run%3A node-failed::b: .*outside/)
  const text = await readFile(summary, 'utf8')
  assert.match(text, /^before\n### comfy-run: not all done \(2 jobs\)\n/)
  assert.match(text, /\| done \| 1 \|\n\| failed \| 1 \|/)
  assert.match(text, /\| 1 \| .*outside.* \| node-failed \| .*shots\.csv\\:3 \|/)
})

test('a faulty cell is annotated with line and column', async (t) => {
  const { env } = onGithub(t)
  await writeFile(join(folderOf(t), 'shots.csv'), 'prompt,steps\none,2\ntwo,many\n')
  const run = await comfyRun(t, ['batch', 'shots.csv', ...small, '--server', 'embedded'], { env })
  assertExit(run, 2)
  assert.equal(commandsIn(run.stderr).length, 1)
  assert.match(run.stderr, /^::error file=shots\.csv,line=3,col=5,title=/m)
})

test('a wrong use is annotated', async (t) => {
  const { env } = onGithub(t)
  const run = await comfyRun(t, ['run', 'no-such.json', '--server', 'embedded'], { env })
  assertExit(run, 2)
  assert.match(run.stderr, /^::error title=comfy-run%3A file-not-found::/m)
})

test('a summary that cannot be written fails nothing', async (t) => {
  const { env } = onGithub(t)
  const args = ['txt2img', 'a fox', ...small, '--server', 'embedded']
  const run = await comfyRun(t, args, {
    env: { ...env, GITHUB_STEP_SUMMARY: join(folderOf(t), 'no/such.md') },
  })
  assertExit(run, 0)
  assert.match(run.stderr, /warning: the job summary can't be written/)
})

test('elsewhere there are no annotations', async (t) => {
  const run = await comfyRun(t, ['run', 'no-such.json', '--server', 'embedded'])
  assert.deepEqual(commandsIn(run.stderr), [])
})
