import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { JsonValue } from '../../../src/protocol/json.ts'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

for (const [class_type, value, shown] of [
  ['PrimitiveInt', 9007199254740993n, '9007199254740993'],
  ['PrimitiveFloat', 2, '2.0'],
  ['PrimitiveFloat', Number.NaN, 'nan'],
  ['PrimitiveBoolean', true, 'True'],
  ['PrimitiveString', 'it\u2019s', 'it\u2019s'],
  ['PrimitiveStringMultiline', 'a\nb', 'a\nb'],
] as ReadonlyArray<readonly [string, JsonValue, string]>) {
  test(`PreviewAny shows ${class_type} as ${JSON.stringify(shown)}`, async (t) => {
    const graph = { a: { class_type, inputs: { value } }, p: node('PreviewAny', { source: ['a', 0] }) }
    const run = await runGraph(graph, await serverFolders(t))
    assert.deepEqual(run.results.get('p')?.ui, { text: [shown] })
  })
}

test('PreviewAny names what cannot be shown', async (t) => {
  const graph = {
    a: node('EmptyImage', { width: 1, height: 1, batch_size: 1, color: 0 }),
    p: node('PreviewAny', { source: ['a', 0] }),
  }
  assert.deepEqual((await runGraph(graph, await serverFolders(t))).results.get('p')?.ui, {
    text: ['<image>'],
  })
})

test('SaveText writes the text and shows it', async (t) => {
  const folders = await serverFolders(t)
  const run = await runGraph(
    { s: node('SaveText', { text: 'h\u00e9', filename_prefix: 'x', format: 'md' }) },
    folders,
  )
  assert.deepEqual(run.results.get('s')?.ui, {
    text: ['h\u00e9'],
    files: [{ filename: 'x_00001.md', subfolder: '', type: 'output' }],
  })
  assert.equal(await readFile(join(folders.output, 'x_00001.md'), 'utf8'), 'h\u00e9')
})

test('texts are joined, trimmed and replaced; $ means nothing special', async (t) => {
  const trim = (mode: string) => node('StringTrim', { string: ' x ', mode })
  const run = await runGraph(
    {
      joined: node('StringConcatenate', { string_a: 'a', string_b: 'b', delimiter: '--' }),
      replaced: node('StringReplace', { string: 'xax', find: 'x', replace: '$&y' }),
      both: trim('Both'),
      left: trim('Left'),
      right: trim('Right'),
    },
    await serverFolders(t),
  )
  const made = ['joined', 'replaced', 'both', 'left', 'right'].map((id) => run.results.get(id)?.outputs[0])
  assert.deepEqual(made, ['a--b', '$&ya$&y', 'x', 'x ', ' x'])
})
