import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { encodeText } from '../../src/protocol/frames.ts'
import { folderOf } from '../rig/folder.ts'
import { startComfyRun } from '../rig/rig.ts'
import { attacked, textsOf, type Attacked } from './rig/attack.ts'
import {
  answerJson,
  say,
  startHostile,
  type Handler,
  type HostileServer,
  type Hostility,
} from './rig/hostile-server.ts'

const password = 'p@ss:w/rd"7f%3a'
const token = 'tok-55de-91bc'
const key = 'key-91bc-7f3a'
const basic = Buffer.from(`user:${password}`).toString('base64')
const all = [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1), basic, token, key]

/** Says every secret that a request brings, in every place that a server can put text. */
function talkative(headers: () => string): Hostility {
  const failure = {
    node_id: '3',
    node_type: headers(),
    exception_type: headers(),
    exception_message: headers(),
    traceback: [headers()],
  }
  const image = { filename: `${headers()}.png`, subfolder: headers(), type: 'output' }
  return {
    version: `0.33.0 ${headers()}`,
    outputs: { 9: { images: [image], text: [headers()] } },
    status: { status_str: 'error', messages: [['execution_error', failure]] },
    onRun: (socket, prompt_id) => {
      socket.send(encodeText('3', headers()))
      say(socket, 'execution_error', { prompt_id, ...failure, exception_type: 'ExecutionBlocked' })
      socket.close(1008, 'see you')
    },
  }
}

const said = `${all.join(' ')} http://user:${encodeURIComponent(password)}@gpu/`

/** Runs a batch with every kind of record; returns everything that it wrote. */
async function batch(
  t: TestContext,
  server: HostileServer,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
) {
  writeFileSync(join(folderOf(t), 'rows.csv'), 'prompt\na fox\na dog\n')
  const summary = join(folderOf(t), 'summary.md')
  const runs: Attacked[] = []
  const options = ['--out', 'out', '--sidecar', '--retries', '0', '--force', '--name', '{index}', ...args]
  for (const way of [
    ['--json', '--failed-out', 'failed.csv'],
    ['--print', '{path} {server}'],
  ]) {
    runs.push(
      await attacked(t, ['batch', 'rows.csv', ...options, ...way], {
        env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
      }),
    )
  }
  runs.push(await attacked(t, ['plan', 'rows.csv', '--save', 'saved.plan.jsonl', ...options], { env }))
  runs.push(await attacked(t, ['doctor', ...args], { env }))
  return { runs, files: textsOf(t), requests: server.requests }
}

function assertSilent(texts: Iterable<readonly [string, string]>): void {
  for (const [place, text] of texts) {
    for (const secret of all)
      assert.ok(!text.includes(secret), `${secret} in ${place}:\n${text.slice(0, 3000)}`)
  }
}

function textsOfRuns(runs: readonly Attacked[]): [string, string][] {
  return runs.flatMap(({ stdout, stderr }, index): [string, string][] => [
    [`stdout ${index}`, stdout],
    [`stderr ${index}`, stderr],
  ])
}

test('credentials that the server repeats in its answers', { timeout: 120_000 }, async (t) => {
  const server = await startHostile(
    t,
    talkative(() => said),
  )
  const url = server.url.replace('://', `://user:${encodeURIComponent(password)}@`)
  const { runs, files, requests } = await batch(
    t,
    server,
    { COMFY_RUN_HEADERS: `X-Api-Key: ${key}\nX-Token: ${token}` },
    ['--server', url],
  )
  assert.ok(
    requests.some(
      ({ headers }) => headers.authorization === `Basic ${basic}` && headers['x-api-key'] === key,
    ),
  )
  assert.ok([...files.keys()].some((path) => path.includes('journal') || path.endsWith('.jsonl')))
  assertSilent(files)
  assertSilent(textsOfRuns(runs))
})

test('credentials that the server repeats in its refusals', { timeout: 120_000 }, async (t) => {
  const refuse: Handler = (_, response) => {
    const error = { type: said, message: said, details: said, extra_info: { received_value: said } }
    answerJson(
      response,
      { error, node_errors: { 3: { class_type: said, errors: [error], dependent_outputs: [] } } },
      400,
    )
  }
  const answers: readonly Record<string, Handler>[] = [
    { 'POST /prompt': refuse },
    { 'GET /system_stats': (_, response) => void response.writeHead(403).end(said) },
    { 'GET /system_stats': (_, response) => void response.writeHead(500).end(said) },
    {
      'GET /view': (_, response) =>
        void response.writeHead(302, { location: `ftp://user:${encodeURIComponent(password)}@h/` }).end(),
    },
  ]
  for (const routes of answers) {
    const server = await startHostile(t, { routes })
    const url = server.url.replace('://', `://user:${encodeURIComponent(password)}@`)
    const { runs, files } = await batch(t, server, {}, [
      '--server',
      url,
      '--header',
      `X-Token: ${token}`,
      '--header',
      `X-Api-Key: ${key}`,
    ])
    assertSilent(files)
    assertSilent(textsOfRuns(runs))
  }
})

test('a server that cannot be reached, with a password in its address', async (t) => {
  for (const place of ['127.0.0.1:1', 'no-such-host.invalid', '127.0.0.1:99999', '[::1']) {
    const run = await attacked(t, [
      'doctor',
      '--server',
      `http://user:${encodeURIComponent(password)}@${place}`,
      '--token',
      token,
      '--header',
      `bad ${key}`,
    ])
    assertSilent(textsOfRuns([run]))
    const other = await attacked(t, [
      'doctor',
      '--server',
      `http://user:${encodeURIComponent(password)}@${place}`,
      '--token',
      token,
    ])
    assertSilent(textsOfRuns([other]))
    assert.notEqual(other.exitCode, 0)
  }
})

test('headers from a file and from the environment', async (t) => {
  writeFileSync(join(folderOf(t), 'headers.txt'), `X-Api-Key: ${key}\r\n\nX-Token: ${token}\n`)
  const server = await startHostile(t)
  for (const [args, env] of [
    [['--header', '@headers.txt'], {}],
    [[], { COMFY_RUN_HEADERS: `X-Api-Key: ${key}\nX-Token: ${token}` }],
  ] as const) {
    const run = await attacked(t, ['doctor', '--server', server.url, ...args], { env })
    assert.equal(run.exitCode, 0, run.stderr)
    const { headers } = server.requests.at(-1) ?? {}
    assert.deepEqual([headers?.['x-api-key'], headers?.['x-token']], [key, token])
  }
  const missing = await attacked(t, ['doctor', '--server', server.url, '--header', '@none.txt'])
  assert.match(missing.stderr, /\[file-not-found\]/)
})

test('what other users see of the arguments', { skip: process.platform !== 'linux' }, async (t) => {
  let seen = ''
  const server = await startHostile(t, {
    routes: {
      'GET /system_stats': (_, response) => {
        seen = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')
        answerJson(response, {}, 404)
      },
    },
  })
  const { child, finished } = startComfyRun(t, [
    'doctor',
    '--server',
    server.url,
    '--token',
    token,
    '--header',
    `X-Api-Key: ${key}`,
  ])
  await finished
  assert.match(seen, /^comfy-run\0*$/)
})
