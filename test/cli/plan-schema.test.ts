import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { schemaFaults, type Schema } from '../rig/json-schema.ts'
import { assertExit, comfyRun } from '../rig/rig.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const schema = JSON.parse(read('schemas/plan.schema.json')) as Schema

/** The types of the lines, each line held to the schema. */
function typesOf(text: string): string[] {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly type: string })
  for (const line of lines) assert.deepEqual(schemaFaults(schema, line), [], JSON.stringify(line))
  return lines.map(({ type }) => type)
}

test('every line of plan --json, and of a saved plan, is as the schema says', async (t) => {
  await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .png()
    .toFile(join(folderOf(t), 'photo.png'))
  const rows = 'one,photo.png,18446744073709551615,not-blank,7\ntwo,,,similar=photo.png,\n'
  await writeFile(join(folderOf(t), 'shots.csv'), `prompt,image,seed,expect,row.x\n${rows}`)
  const plan = ['plan', 'shots.csv', '-o', 'out', '--json', '--save', 'run.plan.jsonl']
  const run = await comfyRun(t, plan)
  assertExit(run, 0)
  assert.deepEqual(typesOf(run.stdout), ['job-planned', 'job-planned', 'plan-totals'])
  const saved = await readFile(join(folderOf(t), 'run.plan.jsonl'), 'utf8')
  assert.deepEqual(typesOf(saved), ['plan', 'job-planned', 'job-planned'])
})

test('what is no line of a plan is found out', () => {
  const totals = { type: 'plan-totals', done: 0, failed: 0, toRun: 1, steps: 4 }
  assert.deepEqual(schemaFaults(schema, totals), [])
  for (const wrong of [{}, { ...totals, steps: -1 }, { ...totals, more: 1 }, { type: 'plan', format: 2 }])
    assert.notDeepEqual(schemaFaults(schema, wrong), [])
})

test('every field is documented', () => {
  const page = read('docs/json-events.md')
  for (const type of ['plan', 'job-planned', 'plan-totals']) {
    const row = page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${type}\``))
    assert.ok(row !== undefined, `docs/json-events.md says nothing of ${type}`)
    for (const field of Object.keys(schema.$defs?.[type]?.properties ?? {}))
      assert.ok(field === 'type' || row.includes(`\`${field}\``), `${type}: no word of ${field}`)
  }
})
