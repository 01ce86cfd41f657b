import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ComfyRunError } from '../../src/errors.ts'
import { onExistsChoices } from '../../src/output/on-exists.ts'
import { Placer, type FinishedFile } from '../../src/output/placer.ts'
import { folderOf } from '../rig/folder.ts'

const record = { comfyRun: '1.0.0', key: 'k1' }
let parts = 0

function write(t: TestContext, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folderOf(t), name), text)
}

/** A finished file that wants the name `fox.png`. */
function fox(t: TestContext, more: Partial<FinishedFile> = {}, text = 'new'): FinishedFile {
  const part = join(folderOf(t), `.${(parts += 1)}.part`)
  writeFileSync(part, text)
  return { part, stem: join(folderOf(t), 'fox'), extension: 'png', bytes: 3, sha256: 'abc', ...more }
}

/** What is on disk; of sidecars the job's key and the file that they speak of. */
function onDisk(t: TestContext): Record<string, string> {
  const entries = readdirSync(folderOf(t)).sort()
  return Object.fromEntries(entries.map((name) => [name, shown(join(folderOf(t), name))]))
}

function shown(path: string): string {
  const text = readFileSync(path, 'utf8')
  if (!text.includes('comfyRun')) return text
  const { key, file } = JSON.parse(text) as { readonly key: string; readonly file: string }
  return `${key} of ${file}`
}

function sidecar(key: string, file: string): string {
  return JSON.stringify({ comfyRun: '0.1.0', file, key })
}

async function rejectsAt(placing: Promise<unknown>, file: string): Promise<void> {
  await assert.rejects(placing, (error) => {
    assert.ok(error instanceof ComfyRunError)
    assert.equal(error.code, 'file-exists')
    assert.equal(basename(/file (.*) already/.exec(error.message)?.[1] ?? ''), file)
    return true
  })
}

for (const choice of onExistsChoices) {
  test(`${choice}: a free name is simply taken`, async (t) => {
    const placed = await new Placer(choice).place(fox(t))
    assert.deepEqual(placed, { path: join(folderOf(t), 'fox.png'), isSkipped: false })
    assert.deepEqual(onDisk(t), { 'fox.png': 'new' })
  })

  test(`${choice}: a sidecar comes with the file`, async (t) => {
    await new Placer(choice).place(fox(t, { record }))
    assert.deepEqual(onDisk(t), { 'fox.png': 'new', 'fox.json': 'k1 of fox.png' })
  })

  test(`${choice}: what a stopped run left of the same job is in nobody's way`, async (t) => {
    write(t, { 'fox.json': sidecar('k1', 'fox.png') })
    await new Placer(choice).place(fox(t, { record }))
    assert.deepEqual(onDisk(t), { 'fox.png': 'new', 'fox.json': 'k1 of fox.png' })
  })
}

test('number: the first free name, for the file and its sidecar together', async (t) => {
  write(t, { 'fox.png': 'a', 'fox-2.json': '{"workflow": true}', 'fox-3.json': sidecar('k2', 'fox-3.png') })
  const placer = new Placer('number')
  assert.equal((await placer.place(fox(t, { record }))).path, join(folderOf(t), 'fox-4.png'))
  assert.equal((await placer.place(fox(t))).path, join(folderOf(t), 'fox-2.png'))
  assert.deepEqual(onDisk(t), {
    'fox.png': 'a',
    'fox-2.json': '{"workflow": true}',
    'fox-2.png': 'new',
    'fox-3.json': 'k2 of fox-3.png',
    'fox-4.json': 'k1 of fox-4.png',
    'fox-4.png': 'new',
  })
})

test('number: many at once get names of their own, each with its sidecar', async (t) => {
  const placer = new Placer()
  await Promise.all(
    Array.from({ length: 8 }, async (_, index) =>
      placer.place(fox(t, { record: { ...record, key: `k${index}` } }, `image ${index}`)),
    ),
  )
  const names = Array.from({ length: 8 }, (_, index) => (index === 0 ? 'fox' : `fox-${index + 1}`))
  assert.deepEqual(
    Object.keys(onDisk(t)).sort(),
    names.flatMap((name) => [`${name}.json`, `${name}.png`]).sort(),
  )
  for (const name of names) {
    const number = onDisk(t)[`${name}.png`]?.replace('image ', '')
    assert.equal(onDisk(t)[`${name}.json`], `k${number} of ${name}.png`)
  }
})

test('skip: the old file and its sidecar stay, the new one is let go', async (t) => {
  write(t, { 'fox.png': 'a', 'fox.json': sidecar('k2', 'fox.png') })
  const placed = await new Placer('skip').place(fox(t, { record }))
  assert.deepEqual(placed, { path: join(folderOf(t), 'fox.png'), isSkipped: true })
  assert.deepEqual(onDisk(t), { 'fox.png': 'a', 'fox.json': 'k2 of fox.png' })
})

test('fail: the old file stays, and the error names it', async (t) => {
  write(t, { 'fox.png': 'a' })
  await rejectsAt(new Placer('fail').place(fox(t)), 'fox.png')
  assert.equal(onDisk(t)['fox.png'], 'a')
})

test('overwrite: file and sidecar are replaced', async (t) => {
  write(t, { 'fox.png': 'a', 'fox.json': sidecar('k2', 'fox.png') })
  const placed = await new Placer('overwrite').place(fox(t, { record }))
  assert.deepEqual(placed, { path: join(folderOf(t), 'fox.png'), isSkipped: false })
  assert.deepEqual(onDisk(t), { 'fox.png': 'new', 'fox.json': 'k1 of fox.png' })
})

test('overwrite: a file that this run has saved is never replaced, whatever its case', async (t) => {
  const placer = new Placer('overwrite')
  await placer.place(fox(t, { record }, 'first'))
  const stem = join(folderOf(t), 'FOX')
  const placed = await Promise.all([
    placer.place(fox(t, { record, stem })),
    placer.place(fox(t, { record })),
    placer.place(fox(t, { record })),
  ])
  assert.deepEqual(placed.map(({ path }) => basename(path)).sort(), ['FOX-2.png', 'fox-3.png', 'fox-4.png'])
  assert.equal(onDisk(t)['fox.png'], 'first')
})

test('overwrite: a faulty file replaces nothing', async (t) => {
  write(t, { 'fox.png': 'a', 'fox.json': sidecar('k2', 'fox.png') })
  await new Placer('overwrite').place(fox(t, { record, isFaulty: true }))
  assert.deepEqual(onDisk(t), {
    'fox.png': 'a',
    'fox.json': 'k2 of fox.png',
    'fox-2.png': 'new',
    'fox-2.json': 'k1 of fox-2.png',
  })
})

for (const choice of ['skip', 'fail', 'overwrite'] as const) {
  test(`${choice}: a JSON file that is no sidecar of ours is left alone, and said`, async (t) => {
    write(t, { 'fox.json': '{"workflow": true}' })
    await rejectsAt(new Placer(choice).place(fox(t, { record })), 'fox.json')
    assert.equal(onDisk(t)['fox.json'], '{"workflow": true}')
    assert.equal(onDisk(t)['fox.png'], undefined)
  })
}

test('overwrite: where that would be lost with an image, too', async (t) => {
  write(t, { 'fox.png': 'a', 'fox.json': '{"workflow": true}' })
  await rejectsAt(new Placer('overwrite').place(fox(t, { record })), 'fox.json')
  assert.equal(onDisk(t)['fox.png'], 'a')
})

test('overwrite: if the file can not be replaced, its sidecar is as before', async (t) => {
  mkdirSync(join(folderOf(t), 'fox.png'))
  const before = sidecar('k2', 'fox.png')
  write(t, { 'fox.json': before })
  await assert.rejects(new Placer('overwrite').place(fox(t, { record })), /EISDIR|EPERM|ENOTEMPTY|EEXIST/)
  assert.equal(readFileSync(join(folderOf(t), 'fox.json'), 'utf8'), before)
})

for (const choice of onExistsChoices) {
  test(`${choice}: the same file, saved by a run that was stopped then, is taken as it is`, async (t) => {
    const before = { 'fox.png': 'new', 'fox.json': sidecar('k1', 'fox.png') }
    write(t, before)
    const sha256 = createHash('sha256').update('new').digest('hex')
    const placed = await new Placer(choice).place(fox(t, { record, sha256, mayBeThere: true }))
    assert.deepEqual(placed, { path: join(folderOf(t), 'fox.png'), isSkipped: false })
    assert.deepEqual(onDisk(t), { 'fox.png': 'new', 'fox.json': 'k1 of fox.png' })
  })
}

test('number: another file of the same length is not taken for it', async (t) => {
  write(t, { 'fox.png': 'old' })
  const placed = await new Placer().place(fox(t, { mayBeThere: true }))
  assert.equal(basename(placed.path), 'fox-2.png')
})
