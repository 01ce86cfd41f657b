import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { keepBatchHeapSmall } from '../../src/cli/batch-heap.ts'
import { journalPath } from '../../src/run/journal/journal.ts'
import { folderOf } from '../rig/folder.ts'

const long = 'x'.repeat(70_000)

/** Whether the heap of a batch is kept small at once, and two seconds later. */
async function keptSmall(
  t: TestContext,
  { file = 'jobs.csv', count = 1, rows = 'prompt\na fox\n', journal = '' },
): Promise<[boolean, boolean]> {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const folder = folderOf(t)
  const out = join(folder, 'out')
  writeFileSync(join(folder, 'jobs.csv'), rows)
  mkdirSync(join(folder, 'images'))
  mkdirSync(dirname(journalPath(out)), { recursive: true })
  writeFileSync(journalPath(out), journal)
  let isSmall = false
  await keepBatchHeapSmall({ file: file === '-' ? file : join(folder, file), out, count }, () => {
    isSmall = true
  })
  const atOnce = isSmall
  t.mock.timers.tick(2_000)
  return [atOnce, isSmall]
}

test('the heap of a short batch is kept small when it has gone on for two seconds', async (t) => {
  assert.deepEqual(await keptSmall(t, {}), [false, true])
})

for (const [what, batch] of Object.entries({
  'many rows': { rows: long },
  'many copies of each row': { count: 1000 },
  'many jobs before': { journal: long },
  'rows from stdin': { file: '-' },
  'a folder': { file: 'images' },
  'a pattern': { file: '*.png' },
})) {
  test(`that of one with ${what} from the start`, async (t) => {
    assert.deepEqual(await keptSmall(t, batch), [true, true])
  })
}
