// Control characters are what this file is about.
/* oxlint-disable no-control-regex */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { encodeText } from '../../src/protocol/frames.ts'
import { folderOf } from '../rig/folder.ts'
import { assertClean, attacked, txt2img, type Attacked } from './rig/attack.ts'
import { answer, say, startHostile, type Hostility } from './rig/hostile-server.ts'
import { everything } from './rig/words.ts'

/** The ways in which a run is shown: those that differ most, and all of them. */
const mainWays: readonly (readonly string[])[] = [[], ['--json']]
const allWays = [...mainWays, ['--quiet'], ['--print', '{path} {server}']]

/**
 * Runs on GitHub in every way of being shown, then in what seems a terminal, then plainly with colours, and looks for
 * what would be obeyed. Returns the last.
 */
async function shown(t: TestContext, hostility: Hostility, ways = mainWays): Promise<Attacked> {
  const server = await startHostile(t, hostility)
  const all = ['--retries', '0', '--force']
  for (const way of ways) {
    const run = await onGithub(t, server, [...all, ...way])
    assertNoCommands(t, run)
    if (way[0] === '--json') for (const line of run.stdout.trim().split('\n')) JSON.parse(line)
  }
  assertObeysNothing(await txt2img(t, server, all, { isTerminal: true }))
  return plainly(t, server)
}

async function plainly(t: TestContext, server: { url: string }): Promise<Attacked> {
  const run = await txt2img(t, server, ['--retries', '0'], { env: { FORCE_COLOR: '1' } })
  assertClean(run)
  return run
}

/** Bars move the cursor themselves: here what the server sent is looked for. */
function assertObeysNothing({ stdout, stderr }: Attacked): void {
  assert.match(stderr, /\u001B\[\d/, 'bars are drawn')
  assert.doesNotMatch(
    stdout + stderr,
    /\u001B[\]PX^_]|\u001B\[2J|\u001B\[H|[\u0000\u0008\u007F-\u009F\u202E\u2066\u200F]/u,
  )
}

async function onGithub(t: TestContext, server: { url: string }, args: readonly string[]): Promise<Attacked> {
  const summary = join(folderOf(t), 'summary.md')
  rmSync(summary, { force: true })
  return txt2img(t, server, args, { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary } })
}

/** Every command in the log is an annotation of ours. */
function assertNoLogCommands(run: Attacked): void {
  assertClean(run)
  for (const line of `${run.stdout}\n${run.stderr}`.split('\n')) {
    assert.ok(!line.includes('##['), line)
    if (/^\s*::/.test(line)) assert.match(line, /^::(?:error|warning) (?:file=[^:]*,)?title=comfy-run/)
  }
}

/** As `assertNoLogCommands`, and the summary holds nothing but text. */
function assertNoCommands(t: TestContext, run: Attacked): void {
  assertNoLogCommands(run)
  const summary = readFileSync(join(folderOf(t), 'summary.md'), 'utf8')
  assert.doesNotMatch(summary, /(?<!\\)(?:[<>`@]|\]\()/)
  assert.doesNotMatch(summary, /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/u)
}

test('escapes and commands in the reason for a rejected workflow', async (t) => {
  const error = { type: everything, message: everything, details: everything, extra_info: {} }
  const fault = {
    ...error,
    extra_info: { input_name: everything, received_value: everything, input_config: [everything, {}] },
  }
  const types = ['value_not_in_list', 'exception_during_validation', 'required_input_missing', everything]
  const errors = types.map((type) => ({ ...fault, type }))
  const node_errors = {
    3: { class_type: everything, errors, dependent_outputs: [everything] },
    [everything]: { class_type: everything, errors },
  }
  const run = await shown(t, { routes: { 'POST /prompt': answer({ error, node_errors }, 400) } })
  assert.equal(run.exitCode, 5)
})

test('escapes and commands in a missing node', async (t) => {
  const extra_info = { node_id: everything, class_type: everything, node_title: everything }
  const error = { type: 'missing_node_type', message: everything, details: everything, extra_info }
  const run = await shown(t, { routes: { 'POST /prompt': answer({ error, node_errors: {} }, 400) } })
  assert.equal(run.exitCode, 5)
})

test('escapes and commands in an exception and its traceback', async (t) => {
  const data = {
    node_id: everything,
    node_type: everything,
    exception_type: everything,
    exception_message: everything,
    traceback: [everything],
    executed: [everything],
    current_inputs: { [everything]: [everything] },
  }
  const hostility: Hostility = {
    status: { status_str: 'error', completed: false, messages: [['execution_error', data]] },
    onRun: (socket, prompt_id) => say(socket, 'execution_error', { ...data, prompt_id }),
  }
  const run = await shown(t, hostility, allWays)
  assert.equal(run.exitCode, 1)
})

test('escapes and commands in file names and subfolders', async (t) => {
  const images = [{ filename: `${everything}.png`, subfolder: everything, type: 'output' }]
  const routes = { 'GET /view': answer('gone', 404) }
  assert.equal((await shown(t, { outputs: { 9: { images } }, routes })).exitCode, 1)
})

test('escapes and commands in the texts of nodes', async (t) => {
  const images = [{ filename: 'a.png' }]
  const outputs = {
    9: { images, text: [everything, ...Array.from(everything)] },
    [everything]: { text: [everything] },
  }
  assert.equal((await shown(t, { outputs }, allWays)).exitCode, 0)
})

test('escapes and commands in progress, node ids and the names of messages', async (t) => {
  const run = await shown(t, {
    onRun: (socket, prompt_id) => {
      for (const node of ['3', everything, '__proto__', 'constructor']) {
        const state = { state: 'running', value: 1, max: 2, node_id: node, display_node_id: node }
        say(socket, 'executing', { node, display_node: node, prompt_id })
        say(socket, 'progress_state', { prompt_id, nodes: { [node]: state } })
        say(socket, everything, { node, prompt_id, text: everything })
        socket.send(encodeText(node, everything))
      }
    },
  })
  assert.equal(run.exitCode, 0)
})

test("escapes and commands in the server's version", async (t) => {
  assert.equal((await shown(t, { version: `0.33.0${everything}` })).exitCode, 0)
})

test('escapes and commands in the body of an HTTP error', async (t) => {
  for (const status of [200, 302, 401, 404, 500]) {
    const routes = { 'GET /system_stats': answer(everything, status) }
    const server = await startHostile(t, { routes })
    const run = await txt2img(t, server)
    assertClean(run)
    assert.equal(run.exitCode, 4)
  }
  assert.equal(
    (
      await shown(t, {
        routes: { 'POST /prompt': answer(everything, 413), 'GET /api/jobs/*': answer({}, 404) },
      })
    ).exitCode,
    5,
  )
})

test('escapes in the reason phrase and the headers of an answer', async (t) => {
  const head = `HTTP/1.1 503 \u009B2J\u009D0;x\u009C\r\ncontent-type: text/plain\u009B2J\r\nretry-after: \u009B31m\r\ncontent-length: 2\r\n\r\nno`
  const run = await shown(t, {
    routes: { 'GET /system_stats': (_, response) => void response.socket?.end(head, 'latin1') },
  })
  assert.equal(run.exitCode, 4)
})

test('escapes in the reason for which the socket is closed, or refused', async (t) => {
  const closed = await shown(t, {
    onRun: (socket) => socket.close(1008, '\u001B]0;x\u0007\u202E\u009B2J\n::error::x'),
  })
  assert.equal(closed.exitCode, 0)
  const refused = await shown(t, {
    onUpgrade: (_, stream) =>
      void stream.end('HTTP/1.1 403 \u009B2Jno\r\ncontent-length: 0\r\n\r\n', 'latin1'),
  })
  assert.equal(refused.exitCode, 0)
})

test('escapes and commands in the answer to an upload', async (t) => {
  writeFileSync(join(folderOf(t), 'in.png'), Buffer.from('89504e470d0a1a0a', 'hex'))
  const args = ['--image', 'in.png', '--retries', '0']
  for (const handler of [answer(everything, 400), answer({ name: everything, subfolder: everything })]) {
    const server = await startHostile(t, { routes: { 'POST /upload/image': handler } })
    for (const way of mainWays) {
      assertClean(
        await attacked(t, ['img2img', 'a fox', '--server', server.url, '--out', 'out', ...args, ...way]),
      )
    }
  }
})

test('escapes and a length without end in the id of a prompt', async (t) => {
  for (const id of [everything, 'x'.repeat(100_000), '../../queue', {}]) {
    const routes = { 'POST /prompt': answer({ prompt_id: id, node_errors: {} }) }
    const run = await plainly(t, await startHostile(t, { routes }))
    assert.equal(run.exitCode, 4)
  }
})

test('an error text of megabytes', async (t) => {
  const message = `${'a '.repeat(2_000_000)}\n`.repeat(3)
  const data = { node_id: '3', node_type: 'KSampler', exception_type: 'E', exception_message: message }
  const run = await shown(t, {
    status: { status_str: 'error', messages: [['execution_error', data]] },
  })
  assert.equal(run.exitCode, 1)
  assert.ok(run.stderr.length < 50_000, String(run.stderr.length))
})

test('escapes and commands in what doctor asks', async (t) => {
  const system = { comfyui_version: everything, os: everything, python_version: everything }
  const sampler = { required: { sampler_name: [[everything]], scheduler: [[everything]] } }
  const server = await startHostile(t, {
    routes: {
      'GET /system_stats': answer({ system, devices: [{ name: everything, vram_total: 1 }] }),
      'GET /object_info*': answer({ KSampler: { input: sampler, output: [] } }),
      'GET /models': answer([everything]),
      'GET /models/*': answer([everything]),
    },
  })
  for (const way of [[], ['--json'], ['--samplers'], ['--schedulers'], ['--models'], ['--models', 'loras']]) {
    const run = await attacked(t, ['doctor', '--server', server.url, ...way], {
      env: { GITHUB_ACTIONS: 'true' },
    })
    assert.equal(run.exitCode, 0, run.stderr)
    assertNoLogCommands(run)
  }
})

test('escapes and commands in a workflow, shown by inspect, check and plan', async (t) => {
  const text = { class_type: 'CLIPTextEncode', inputs: { text: everything, clip: ['4', 1], [everything]: 1 } }
  const workflow = { [`::error::${everything}`]: { ...text, _meta: { title: everything } }, 4: text }
  writeFileSync(join(folderOf(t), 'evil.json'), JSON.stringify(workflow))
  writeFileSync(join(folderOf(t), 'evil.txt'), `a fox\n${everything}\n`)
  const server = await startHostile(t)
  const toServer = ['--server', server.url]
  for (const args of [
    ['inspect', 'evil.json'],
    ['inspect', 'evil.json', '--json'],
    ['run', 'evil.json', ...toServer],
    ['plan', 'evil.txt', ...toServer],
    ['plan', 'evil.txt', '--json', ...toServer],
    ['batch', 'evil.txt', '--workflow', 'evil.json', ...toServer],
    ...['text', 'json', 'sarif', 'github'].map((format) => [
      'check',
      'evil.json',
      '--format',
      format,
      ...toServer,
    ]),
  ]) {
    assertNoLogCommands(await attacked(t, args, { env: { GITHUB_ACTIONS: 'true' } }))
  }
})
