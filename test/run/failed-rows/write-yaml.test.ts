import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Row } from '../../../src/plan/row.ts'
import { yamlRows } from '../../../src/plan/yaml-rows.ts'
import { movePaths } from '../../../src/run/failed-rows/moved-paths.ts'
import { writeYaml } from '../../../src/run/failed-rows/write-yaml.ts'
import { all, valuesOf } from '../../plan/helpers.ts'

async function* rowsOf(text: string): AsyncGenerator<Row> {
  yield* yamlRows('jobs/shots.yaml', text)
}

const written = async (text: string, ...wanted: readonly number[]): Promise<string> =>
  writeYaml(rowsOf(text), new Set(wanted), movePaths('jobs', 'mended'))

test('paths of jobs and defaults are changed', async () => {
  assert.equal(
    await written('defaults: {image: a.png, steps: 8}\njobs:\n- {mask: m.png}\n- {prompt: b}\n', 1),
    'defaults:\n  image: ../jobs/a.png\n  steps: 8\njobs:\n  - mask: ../jobs/m.png\n',
  )
})

test('a default that all wanted jobs override is not needed', async () => {
  assert.equal(
    await written('defaults: {steps: 8}\njobs:\n- {prompt: a, steps: 9}\n- {prompt: b}\n', 1),
    '- prompt: a\n  steps: 9\n',
  )
})

test('texts that look like something else, and long ones, are read again as they were', async () => {
  const jobs = [{ prompt: 'yes', seed: 18446744073709551615n, cfg: 1.5 }, { prompt: 'word '.repeat(60) }]
  const lines = [
    '- {prompt: "yes", seed: 18446744073709551615, cfg: 1.5}',
    `- prompt: "${'word '.repeat(60)}"`,
  ]
  const again = await all(yamlRows('failed.yaml', await written(lines.join('\n'), 1, 2)))
  assert.deepEqual(again.map(valuesOf), jobs)
})
