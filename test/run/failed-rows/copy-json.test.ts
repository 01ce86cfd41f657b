import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyJson } from '../../../src/run/failed-rows/copy-json.ts'
import { movePaths } from '../../../src/run/failed-rows/moved-paths.ts'

const copied = (text: string, ...wanted: readonly number[]): string =>
  copyJson(text, new Set(wanted), movePaths('jobs', 'mended'))

test('paths of jobs and of the defaults are changed, wherever the defaults stand', () => {
  assert.equal(
    copied('{"defaults": {"image": "a.png"}, "jobs": [{"mask": "m.png", "seed": 1}, "b"]}', 1),
    '{"defaults": {"image": "../jobs/a.png"}, "jobs": [{"mask": "../jobs/m.png", "seed": 1}]}',
  )
  assert.equal(
    copied('{"jobs": ["a.png", {"mask": "/m.png"}], "defaults": {"image": "a.png"}}', 1, 2),
    '{"jobs": ["a.png", {"mask": "/m.png"}], "defaults": {"image": "../jobs/a.png"}}',
  )
})

test('the layout of the list is kept', () => {
  const text = '[\n\t{"prompt": "a"},\n\t"b",\n\t{\n\t\t"prompt": "c"\n\t}\n]\n'
  assert.equal(copied(text, 2, 3), '[\n\t"b",\n\t{\n\t\t"prompt": "c"\n\t}\n]\n')
})

test('values that are no text are no paths', () => {
  const text = '[{"image": null, "count": 2, "7.points": [1, 2]}]'
  assert.equal(copied(text, 1), text)
})
