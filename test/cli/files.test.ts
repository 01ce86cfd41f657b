import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig, type Finished, type SpawnOptions } from '../rig/rig.ts'

const fox = ['txt2img', 'a fox', '--size', '64x64', '--steps', '1', '--seed', '7', '--name', 'fox']

/** Runs a command on the embedded server. */
async function run(t: TestContext, args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
  return comfyRun(t, [...args, '--server', 'embedded'], options)
}

async function text(t: TestContext, file: string): Promise<string> {
  return readFile(join(folderOf(t), file), 'utf8')
}

/** What the only failed job of a `--json` run failed of. */
function failureOf({ stdout }: Finished): {
  readonly code: string
  readonly message: string
  readonly details: string[]
} {
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return events.find(({ type }) => type === 'job-finished').error
}

async function pixelsOf(t: TestContext, file: string): Promise<Buffer> {
  return sharp(join(folderOf(t), file))
    .raw()
    .toBuffer()
}

test('--on-exists: a name that is taken is numbered by itself', async (t) => {
  await writeFile(join(folderOf(t), 'fox.png'), 'mine')
  assertExit(await run(t, fox), 0)
  assert.deepEqual(imagesIn(t, '.'), ['fox-2.png', 'fox.png'])
  assert.equal(await text(t, 'fox.png'), 'mine')
})

test('--on-exists skip leaves the file and says so', async (t) => {
  await writeFile(join(folderOf(t), 'fox.png'), 'mine')
  const skipped = await run(t, [...fox, '--on-exists', 'skip'])
  assertExit(skipped, 0)
  assert.match(skipped.stderr, /there is a file fox\.png already: it stays/)
  assert.equal(skipped.stdout, '')
  assert.deepEqual(imagesIn(t, '.'), ['fox.png'])
  assert.equal(await text(t, 'fox.png'), 'mine')
})

test('--on-exists fail is a failed job that names the file', async (t) => {
  await writeFile(join(folderOf(t), 'fox.png'), 'mine')
  const failed = await run(t, [...fox, '--on-exists', 'fail', '--json'])
  assertExit(failed, 1)
  assert.equal(failureOf(failed).code, 'file-exists')
  assert.match(failureOf(failed).message, /fox\.png/)
  assert.deepEqual(imagesIn(t, '.'), ['fox.png'])
  assert.equal(await text(t, 'fox.png'), 'mine')
})

test('--on-exists overwrite replaces the file and its sidecar', async (t) => {
  await writeFile(join(folderOf(t), 'fox.png'), 'old')
  await writeFile(join(folderOf(t), 'fox.json'), '{"comfyRun": "0.0.1", "file": "fox.png"}')
  assertExit(await run(t, [...fox, '--on-exists', 'overwrite', '--sidecar']), 0)
  assert.deepEqual(imagesIn(t, '.'), ['fox.json', 'fox.png'])
  assert.equal((await pixelsOf(t, 'fox.png')).length, 64 * 64 * 3)
  assert.equal(JSON.parse(await text(t, 'fox.json')).seed, '7')
})

test('--on-exists overwrite keeps a good file where the new one fails its check', async (t) => {
  await writeFile(join(folderOf(t), 'fox.png'), 'old')
  const failed = await run(t, [...fox, '--on-exists', 'overwrite', '--expect', 'size=8x8'])
  assertExit(failed, 6)
  assert.match(failed.stderr, /fox-2\.png fails the check size=8x8/)
  assert.equal(await text(t, 'fox.png'), 'old')
})

test('--on-exists with another word is a wrong use', async (t) => {
  const refused = await run(t, [...fox, '--on-exists', 'replace'])
  assertExit(refused, 2)
  assert.match(refused.stderr, /number, skip, fail, overwrite/)
})

test('--sidecar records how each file was made, and never a secret', async (t) => {
  const server = await startRig(t)
  await writeFile(
    join(folderOf(t), 'jobs.csv'),
    'prompt,seed,row.shot\na fox s3cr3t-token,18446744073709551615,A7\nan owl,3,B1\n',
  )
  const args = ['batch', 'jobs.csv', '--size', '64x64', '--steps', '1', '--name', '{index}', '--sidecar']
  assertExit(await comfyRun(t, [...args, '--server', server.url, '--token', 's3cr3t-token', '-o', 'out']), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['1.json', '1.png', '2.json', '2.png'])
  const first = await text(t, 'out/1.json')
  assert.doesNotMatch(first, /s3cr3t/)
  const { file, seed, settings, models, server: by, timings, comfyRun: version } = JSON.parse(first)
  assert.equal(file, '1.png')
  assert.equal(seed, '18446744073709551615')
  assert.equal(settings.prompt, 'a fox ***')
  assert.equal(settings['row.shot'], 'A7')
  assert.deepEqual(models, ['sdXL_v10VAEFix.safetensors'])
  assert.equal(by.name, server.url)
  assert.equal(by.rehearsal, true)
  assert.match(by.comfyui, /^0\./)
  assert.ok(timings.seconds >= 0)
  assert.equal(version, JSON.parse(await readFile('package.json', 'utf8')).version)
})

test('--expect: what passes is silent', async (t) => {
  await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .png()
    .toFile(join(folderOf(t), 'golden.png'))
  const checks = ['images>=1;images=1', 'size=64x64', 'not-blank', 'format=png', 'similar=golden.png:0']
  const passed = await run(t, [...fox, ...checks.flatMap((check) => ['--expect', check])])
  assertExit(passed, 0)
  assert.equal(passed.stdout, 'fox.png\n')
})

for (const [check, expected, found] of [
  ['images>=2', 'at least 2 images', '1 image'],
  ['size=1024x1024', '1024x1024', '64x64'],
  ['format=webp', 'webp', 'png'],
  ['similar=golden.png:0.95', 'a likeness of at least 0.95 to golden.png', 'a likeness of'],
] as const) {
  test(`--expect ${check}: what fails is exit 6, and named`, async (t) => {
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .png()
      .toFile(join(folderOf(t), 'golden.png'))
    const failed = await run(t, [...fox, '--expect', 'images>=1', '--expect', check, '--json'])
    assertExit(failed, 6)
    const { code, message, details } = failureOf(failed)
    assert.equal(code, 'check-failed')
    assert.ok(
      message.includes(`fox`) && message.includes(`fails the check ${check}: found ${found}`),
      message,
    )
    assert.deepEqual(details, [`expected ${expected}`])
    // It is kept, to be looked at.
    assert.deepEqual(imagesIn(t, '.'), ['fox.png', 'golden.png'])
  })
}

test('--expect not-blank finds an image of one colour', async (t) => {
  const graph = {
    1: { class_type: 'EmptyImage', inputs: { width: 32, height: 32, batch_size: 1, color: 0 } },
    2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'a' } },
  }
  await writeFile(join(folderOf(t), 'graph.json'), JSON.stringify(graph))
  const failed = await run(t, ['run', 'graph.json', '--expect', 'not-blank'])
  assertExit(failed, 6)
  assert.match(
    failed.stderr,
    /graph\.png fails the check not-blank: found one colour, rgb\(0, 0, 0\), all over/,
  )
})

test('--expect that is not understood, or compares with nothing, queues nothing', async (t) => {
  const server = await startRig(t)
  for (const [check, said] of [
    ['images', /in quotes/],
    ['size=big', /for example size=1024x1024/],
    ['similar=none.png', /there is no image "none\.png" to compare with/],
  ] as const) {
    const refused = await comfyRun(t, [...fox, '--server', server.url, '--expect', check])
    assertExit(refused, 2)
    assert.match(refused.stderr, said)
  }
  const { exec_info: queue } = (await (await fetch(`${server.url}/prompt`)).json()) as {
    readonly exec_info: { readonly queue_remaining: number }
  }
  assert.equal(queue.queue_remaining, 0)
  assert.deepEqual(await (await fetch(`${server.url}/history`)).json(), {})
  assert.deepEqual(imagesIn(t, '.'), [])
})

test("a column expect: a row's own checks, also in a saved plan", async (t) => {
  const server = await startRig(t)
  const rows = 'a fox,one,size=64x64\na cat,two,\na dog,three,size=64x64;images=2\n'
  await writeFile(join(folderOf(t), 'shots.csv'), `prompt,name,expect\n${rows}`)
  const small = ['--size', '64x64', '--steps', '1', '-o', 'out', '--server', server.url]
  const plan = ['plan', 'shots.csv', '--size', '64x64', '--steps', '1', '--save', 'run.plan.jsonl']
  assertExit(await comfyRun(t, plan), 0)
  for (const args of [
    ['batch', 'shots.csv', ...small],
    ['batch', 'run.plan.jsonl', '-o', 'out', '--server', server.url],
  ]) {
    const failed = await comfyRun(t, [...args, '--expect', 'size=32x32', '--force'])
    assertExit(failed, 6)
    assert.match(failed.stderr, /two(-2)?\.png fails the check size=32x32: found 64x64/)
    assert.match(failed.stderr, /three fails the check images=2: found 1 image/)
    assert.doesNotMatch(failed.stderr, /one(-2)?\.png fails/)
  }
})

test('a check of a row that makes no sense, or an image to compare with that is not there, is told before anything is locked', async (t) => {
  await writeFile(
    join(folderOf(t), 'shots.csv'),
    'prompt,expect\na fox,size=big\na cat,similar=none.png\na dog,not-blank\n',
  )
  const rows = await run(t, ['batch', 'shots.csv', '-o', 'out'])
  assertExit(rows, 2)
  assert.match(rows.stderr, /shots\.csv:2:7 {2}column "expect"/)
  assert.match(rows.stderr, /shots\.csv:3:7 {2}column "expect"/)
  await writeFile(join(folderOf(t), 'shots.csv'), 'prompt\na fox\n')
  for (const dry of [['--dry-run'], []]) {
    const args = ['batch', 'shots.csv', '-o', 'out', '--expect', 'similar=none.png', ...dry]
    const refused = await run(t, args)
    assertExit(refused, 2)
    assert.match(refused.stderr, /there is no image "none\.png" to compare with/)
  }
  assert.equal(existsSync(join(folderOf(t), 'out')), false)
})

test('run --from-image repeats an image, and flags win', async (t) => {
  assertExit(await run(t, fox), 0)
  assertExit(await run(t, ['run', '--from-image', 'fox.png', '--name', 'again']), 0)
  assert.deepEqual(await pixelsOf(t, 'again.png'), await pixelsOf(t, 'fox.png'))
  assertExit(
    await run(t, ['run', '--from-image', 'fox.png', '--seed', '5', '--name', '{seed}', '--sidecar']),
    0,
  )
  assert.notDeepEqual(await pixelsOf(t, '5.png'), await pixelsOf(t, 'fox.png'))
  assertExit(
    await run(t, ['run', '--from-image', 'fox.png', '--size', '32x32', '--name', 'small', '--sidecar']),
    0,
  )
  assert.equal((await pixelsOf(t, 'small.png')).length, 32 * 32 * 3)
  assert.equal(JSON.parse(await text(t, 'small.json')).seed, '7')
})

test('run wants a workflow or --from-image, one of them', async (t) => {
  for (const args of [['run'], ['run', 'a.json', '--from-image', 'b.png']]) {
    const refused = await run(t, args)
    assertExit(refused, 2)
    assert.match(refused.stderr, /\[bad-option\]/)
  }
})
