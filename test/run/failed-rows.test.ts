import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { stringify as yamlText } from 'yaml'
import { ComfyRunError } from '../../src/errors.ts'
import { readRows } from '../../src/plan/rows.ts'
import { checkFailedOut, writeFailedRows } from '../../src/run/failed-rows.ts'
import { all, valuesOf } from '../plan/helpers.ts'
import { folderOf } from '../rig/folder.ts'

/** A jobs file in a folder of the test's own, and what is written of it if these rows fail. */
async function failedOf(t: TestContext, name: string, text: string | Buffer, ...failed: readonly number[]) {
  const folder = folderOf(t)
  const source = join(folder, name)
  writeFileSync(source, text)
  const out = join(folder, name.replace('shots', 'failed'))
  const records = join(folder, '.comfy-run')
  const path = await writeFailedRows({ source, out, failed: new Set(failed), records })
  assert.equal(path, out)
  return readFileSync(out, 'utf8')
}

const csv = [
  '# shots of the week',
  'prompt,negative,seed',
  'a fox,,18446744073709551615',
  '"two',
  'lines, ""quoted""",blurry,2',
  '',
  'a cat,,3',
  '',
].join('\n')

test('CSV: header and rows as they stood, quotes, line breaks, empty cells and exact seeds included', async (t) => {
  assert.equal(await failedOf(t, 'shots.csv', csv, 1, 2), csv.slice(0, csv.indexOf('a cat')))
  assert.equal(
    await failedOf(t, 'shots2.csv', csv, 3),
    '# shots of the week\nprompt,negative,seed\na cat,,3\n',
  )
})

test("CSV: Excel's byte order mark and line breaks stay", async (t) => {
  const text = '\uFEFFprompt;seed\r\nfüchse;1\r\na cat;2'
  assert.equal(await failedOf(t, 'shots.csv', text, 1), '\uFEFFprompt;seed\r\nfüchse;1\r\n')
  assert.equal(await failedOf(t, 'shots2.csv', text, 2), '\uFEFFprompt;seed\r\na cat;2\n')
})

test('CSV: what came as UTF-16 can be read again', async (t) => {
  const text = Buffer.from('\uFEFFprompt\tseed\r\nfüchse\t1\r\n', 'utf16le')
  assert.equal(await failedOf(t, 'shots.tsv', text, 1), '\uFEFFprompt\tseed\r\nfüchse\t1\r\n')
})

test('JSON lines: rows as they stood', async (t) => {
  const text = '{"prompt": "a", "seed": 18446744073709551615}\n\n"b"\n{"prompt":"c"}'
  assert.equal(
    await failedOf(t, 'shots.jsonl', text, 1, 3),
    '{"prompt": "a", "seed": 18446744073709551615}\n\n{"prompt":"c"}\n',
  )
})

test('text: prompts, and the comments at the top', async (t) => {
  assert.equal(await failedOf(t, 'shots.txt', '# mine\na fox\na cat\na dog\n', 2), '# mine\na cat\n')
})

test('JSON: a list, also all on one line', async (t) => {
  const text = '[{"prompt": "a", "seed": 18446744073709551615}, "b", {"prompt": "c"}]'
  assert.equal(
    await failedOf(t, 'shots.json', text, 1, 3),
    '[{"prompt": "a", "seed": 18446744073709551615}, {"prompt": "c"}]',
  )
})

test('JSON: jobs with their defaults', async (t) => {
  const text = '{\n  "jobs": [\n    "a",\n    {"prompt": "b"}\n  ],\n  "defaults": {"steps": 8}\n}\n'
  assert.equal(
    await failedOf(t, 'shots.json', text, 2),
    '{\n  "jobs": [\n    {"prompt": "b"}\n  ],\n  "defaults": {"steps": 8}\n}\n',
  )
})

test('YAML: jobs with their defaults, free of anchors', async (t) => {
  const text = [
    'defaults: {steps: 8, cfg: 1.5}',
    'jobs:',
    '  - &fox {prompt: a fox, seed: 18446744073709551615}',
    '  - <<: *fox',
    '    cfg: 2',
    '  - "1984"',
  ].join('\n')
  const failed = await failedOf(t, 'shots.yaml', text, 2, 3)
  assert.ok(!failed.includes('&'))
  const rows = await all(readRows(join(folderOf(t), 'failed.yaml')))
  assert.deepEqual(rows.map(valuesOf), [
    { prompt: 'a fox', seed: 18446744073709551615n, cfg: 2, steps: 8 },
    { steps: 8, cfg: 1.5, prompt: '1984' },
  ])
})

test('stdin is written in the format that it was taken for', async (t) => {
  const out = join(folderOf(t), 'failed.csv')
  const stdin = (async function* bytes() {
    yield Buffer.from('prompt,seed\na,1\nb,2\n')
  })()
  await checkFailedOut({ source: '-', out, stdin })
  await all(readRows('-', stdin))
  await writeFailedRows({ source: '-', out, stdin, failed: new Set([2]), records: folderOf(t) })
  assert.equal(readFileSync(out, 'utf8'), 'prompt,seed\nb,2\n')
})

/** A file in every format, for the same rows. */
const writers: Readonly<Record<string, (prompts: readonly string[]) => string>> = {
  'shots.csv': (prompts) =>
    ['steps,prompt', ...prompts.map((prompt) => `8,"${prompt.replaceAll('"', '""')}"`)].join('\n'),
  'shots.json': (prompts) => JSON.stringify(prompts.map((prompt) => ({ prompt, steps: 8 }))),
  'shots.jsonl': (prompts) => prompts.map((prompt) => JSON.stringify({ prompt, steps: 8 })).join('\n'),
  'shots.yaml': (prompts) =>
    yamlText({ defaults: { steps: 8 }, jobs: prompts.map((prompt) => ({ prompt })) }),
}
for (const [name, write] of Object.entries(writers)) {
  test(`${name}: whatever rows fail, the same rows are read again`, async (t) => {
    const folder = folderOf(t)
    const source = join(folder, name)
    const out = join(folder, name.replace('shots', 'failed'))
    const prompt = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text.trim() !== '' && !/[\0\r]/.test(text))
    const rows = fc.array(fc.record({ prompt, fails: fc.boolean() }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(rows, async (made) => {
        writeFileSync(source, write(made.map((row) => row.prompt)))
        const numbers = made.flatMap((row, index) => (row.fails ? [index + 1] : []))
        const expected = (await all(readRows(source))).filter((_, index) => numbers.includes(index + 1))
        const path = await writeFailedRows({ source, out, failed: new Set(numbers), records: folder })
        const found = path === undefined ? [] : await all(readRows(path))
        assert.deepEqual(found.map(valuesOf), expected.map(valuesOf))
      }),
      { numRuns: 40 },
    )
  })
}

test('relative paths mean the same from the folder of the failed rows', async (t) => {
  const folder = folderOf(t)
  const source = join(folder, 'jobs', 'shots.csv')
  mkdirSync(join(folder, 'jobs'))
  writeFileSync(join(folder, 'jobs', 'depth.png'), '')
  writeFileSync(source, 'image,prompt,7.image\nin/ä.png,@depth.png,@depth.png\n/abs.png,x,@@depth.png\n')
  const out = join(folder, 'mended', 'failed.csv')
  await writeFailedRows({ source, out, failed: new Set([1, 2]), records: folder })
  assert.equal(
    readFileSync(out, 'utf8'),
    'image,prompt,7.image\n../jobs/in/ä.png,@depth.png,@../jobs/depth.png\n/abs.png,x,@@depth.png\n',
  )
})

test('nothing is written if nothing failed', async (t) => {
  const out = join(folderOf(t), 'failed.csv')
  assert.equal(
    await writeFailedRows({ source: 'gone.csv', out, failed: new Set(), records: folderOf(t) }),
    undefined,
  )
  assert.equal(existsSync(out), false)
})

test('a jobs file that was edited meanwhile is not copied from', async (t) => {
  const source = join(folderOf(t), 'shots.csv')
  const out = join(folderOf(t), 'failed.csv')
  writeFileSync(source, 'prompt\na\n')
  const stamp = await checkFailedOut({ source, out })
  appendFileSync(source, 'b\n')
  await assert.rejects(
    writeFailedRows({ source, out, failed: new Set([1]), records: folderOf(t), stamp }),
    (error) => error instanceof ComfyRunError && error.code === 'file-unreadable',
  )
  assert.deepEqual(readdirSync(folderOf(t)), ['shots.csv'])
})

const refused: readonly (readonly [source: string, out: string, message: RegExp])[] = [
  ['shots.csv', 'failed.json', /must end in \.csv/],
  ['shots.csv', 'failed', /must end in \.csv/],
  ['shots.csv', 'shots.csv', /the jobs file itself/],
  ['shots.csv', 'linked.csv', /the jobs file itself/],
  ['shots.csv', 'folder.csv', /is a folder/],
  ['photos/*.png', 'failed.csv', /needs a jobs file/],
  ['shots.plan.jsonl', 'failed.jsonl', /needs a jobs file/],
]
for (const [source, out, message] of refused) {
  test(`${source} to ${out} is refused before the run`, async (t) => {
    const at = (name: string): string => join(folderOf(t), name)
    writeFileSync(at('shots.csv'), 'prompt\na\n')
    linkSync(at('shots.csv'), at('linked.csv'))
    mkdirSync(at('folder.csv'))
    await assert.rejects(checkFailedOut({ source: at(source), out: at(out) }), (error) => {
      assert.ok(error instanceof ComfyRunError)
      assert.equal(error.code, 'bad-option')
      assert.match(error.message, message)
      return true
    })
  })
}
