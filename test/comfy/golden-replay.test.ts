import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replayRuns } from '../rig/golden-runs.ts'

test('01a: a plain run ends by the marker, with one file', { timeout: 5000 }, async (t) => {
  const { runs } = await replayRuns(t, '01a-txt2img-flags')
  assert.equal(runs[0]?.outcome?.status, 'done')
  assert.deepEqual(runs[0]?.outcome?.files, [
    { node: '9', filename: 'g01a_00002_.png', subfolder: '', type: 'output' },
  ])
})
