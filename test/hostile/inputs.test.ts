import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { pngChunk } from '../../src/protocol/png-chunks.ts'
import { folderOf } from '../rig/folder.ts'
import { attacked, assertClean, assertRefused, filesOf, type Attacked } from './rig/attack.ts'
import { startHostile } from './rig/hostile-server.ts'

const workflow = {
  9: { class_type: 'SaveImage', inputs: { filename_prefix: 'a', images: ['9', 0], text: '' } },
}

/** Writes a file and gives it to a command; nothing reaches a server. */
async function given(
  t: TestContext,
  name: string,
  content: string | Buffer,
  args: readonly string[],
): Promise<Attacked> {
  writeFileSync(join(folderOf(t), name), content)
  return attacked(t, args)
}

async function pngWith(...chunks: readonly Buffer[]): Promise<Buffer> {
  const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  return Buffer.concat([image.subarray(0, 33), ...chunks, image.subarray(33)])
}

test('an image whose texts unpack to gigabytes', { timeout: 60_000 }, async (t) => {
  const bomb = deflateSync(Buffer.alloc(2 ** 30, '['))
  const compressed = pngChunk('zTXt', Buffer.concat([Buffer.from('prompt\0\0', 'latin1'), bomb]))
  const international = pngChunk(
    'iTXt',
    Buffer.concat([Buffer.from('workflow\0\u0001\0\0\0', 'latin1'), bomb]),
  )
  const run = await given(t, 'bomb.png', await pngWith(compressed, international), [
    'run',
    '--from-image',
    'bomb.png',
  ])
  assertRefused(run, 2, 'no-workflow-in-image', 400)
})

test('an image whose chunks lie about their length', { timeout: 60_000 }, async (t) => {
  const chunk = pngChunk('tEXt', Buffer.from('prompt\0{}'))
  chunk.writeUInt32BE(0xff_ff_ff_ff, 0)
  const run = await given(t, 'lie.png', await pngWith(chunk), ['inspect', 'lie.png'])
  assertRefused(run, 2, 'no-workflow-in-image')
})

test('a workflow that is nested a million deep', { timeout: 60_000 }, async (t) => {
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
  for (const text of [deep, `{"9":{"class_type":"A","inputs":{"a":${deep}}}}`, '{"a":'.repeat(1_000_000)]) {
    assertRefused(await given(t, 'deep.json', text, ['inspect', 'deep.json']), 2, 'not-json', 300)
  }
})

test('jobs that are nested a million deep', { timeout: 120_000 }, async (t) => {
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
  for (const [name, code, text] of [
    ['deep.json', 'not-json', `[{"prompt":${deep}}]`],
    ['deep.jsonl', 'not-json', `{"prompt":${deep}}\n`],
    ['deep.yaml', 'bad-row', `- prompt: ${deep.slice(990_000, -990_000)}\n`],
  ] as const) {
    assertRefused(await given(t, name, text, ['plan', name]), 2, code, 400)
  }
})

test('YAML whose aliases unpack to billions', { timeout: 60_000 }, async (t) => {
  const levels = 'abcdefghijkl'.split('')
  const lines = levels.map((name, index) => {
    const items = index === 0 ? ['lol'] : Array<string>(10).fill(`*${levels[index - 1]}`)
    return `  ${name}: &${name} [${items.join(', ')}]`
  })
  const text = `jobs:\n- prompt: a fox\n${lines.map((line) => `  ${line.trim()}`).join('\n')}\n`
  assertRefused(await given(t, 'bomb.yaml', text, ['plan', 'bomb.yaml']), 2, 'bad-value')
})

test('a list of servers whose aliases unpack to billions', { timeout: 60_000 }, async (t) => {
  const lines = Array.from({ length: 12 }, (_, index) => {
    const items = index === 0 ? ['x'] : Array<string>(10).fill(`*a${index - 1}`)
    return `  a${index}: &a${index} [${items.join(', ')}]`
  })
  const text = `- url: http://127.0.0.1:1\n${lines.join('\n')}\n`
  const run = await given(t, 'bomb.yaml', text, ['doctor', '--servers', 'bomb.yaml'])
  assertRefused(run, 2, 'bad-option')
})

test('a CSV cell of 100 MB', { timeout: 120_000 }, async (t) => {
  const text = `prompt\n"${'fox '.repeat(25 * 2 ** 20)}"\n`
  const run = await given(t, 'huge.csv', text, ['plan', 'huge.csv', '--name', '{index}'])
  assert.ok(run.exitCode === 0 || run.exitCode === 2, run.stderr.slice(0, 1000))
  assert.ok(run.peakMegabytes < 2500, `${run.peakMegabytes} MB`)
  assert.doesNotMatch(run.stderr, /\[internal\]/)
})

test('a CSV file with an open quote, a NUL or bytes that are no text', { timeout: 60_000 }, async (t) => {
  for (const text of ['prompt\n"a fox\n', 'prompt\na"b\n', Buffer.from('prompt\n\xff\xfe\n', 'latin1')]) {
    const run = await given(t, 'bad.csv', text, ['plan', 'bad.csv'])
    assert.equal(run.exitCode, 2, run.stdout)
    assertClean(run)
  }
})

test('rows that lead out of the output folder', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t)
  const rows = ['../../x', '/etc/x', 'C:\\x', '..', 'a/../../x', 'CON', 'x\u0000y', '~/.bashrc', '\u202Efox']
  writeFileSync(
    join(folderOf(t), 'rows.jsonl'),
    rows.map((shot) => `${JSON.stringify({ prompt: 'a', 'row.shot': shot })}\n`).join(''),
  )
  const run = await attacked(t, [
    'batch',
    'rows.jsonl',
    '--name',
    '{row.shot}_{index}',
    '--out',
    'out',
    '--server',
    server.url,
  ])
  assertClean(run)
  const outside = filesOf(t).filter((file) => !file.startsWith('out/') && file !== 'rows.jsonl')
  assert.deepEqual(outside, [])
})

test('a saved plan whose names lead out of the output folder', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t)
  const lines = ['../../evil', '/tmp/comfy-run-evil', 'a/../../evil'].map((name, index) => ({
    type: 'job-planned',
    job: index + 1,
    key: `k${index}`,
    name,
    params: {},
    uploads: [],
    source: 'x',
    graph: workflow,
  }))
  const text = [{ type: 'plan', format: 1, salt: 's' }, ...lines]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
  const run = await given(t, 'evil.plan.jsonl', text, [
    'batch',
    'evil.plan.jsonl',
    '--out',
    'out',
    '--server',
    server.url,
  ])
  assert.notEqual(run.exitCode, 0)
  assert.deepEqual(
    filesOf(t).filter((file) => file.endsWith('.png')),
    [],
  )
})

test('nodes and inputs named __proto__ and constructor', { timeout: 60_000 }, async (t) => {
  const server = await startHostile(t)
  const text =
    '{"__proto__":{"class_type":"constructor","inputs":{"__proto__":1,"images":["constructor",0]}},"constructor":{"class_type":"__proto__","inputs":{"seed":1,"toString":["__proto__",0]}}}'
  writeFileSync(join(folderOf(t), 'evil.json'), text)
  for (const args of [
    ['inspect', 'evil.json'],
    ['run', 'evil.json', '--server', server.url, '--out', 'out'],
    ['run', 'evil.json', '--set', '__proto__.polluted=1', '--server', server.url],
    ['check', 'evil.json', '--server', server.url],
  ]) {
    const run = await attacked(t, args)
    assert.doesNotMatch(run.stderr, /\[internal\]|fault of comfy-run/)
  }
})
