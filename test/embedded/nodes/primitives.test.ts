import assert from 'node:assert/strict'
import { test } from 'node:test'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

test('ComfySwitchNode takes one of two', async (t) => {
  const choose = (on: boolean) => node('ComfySwitchNode', { switch: on, on_false: 'no', on_true: 'yes' })
  const run = await runGraph({ a: choose(true), b: choose(false) }, await serverFolders(t))
  assert.deepEqual([run.results.get('a')?.outputs, run.results.get('b')?.outputs], [['yes'], ['no']])
})
