import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Job } from '../../../src/plan/job.ts'
import type { KnownJob } from '../../../src/run/journal/entries.ts'
import { settleAhead, type SettledJob } from '../../../src/run/journal/settle-ahead.ts'
import { SizeReader } from '../../../src/run/journal/size-reader.ts'
import { folderOf } from '../../rig/folder.ts'

const jobOf = (index: number): Job => ({ index, key: String(index) }) as Job

function doneWith(...sizes: readonly number[]): KnownJob {
  const files = sizes.map((bytes, at) => ({ path: `${bytes}-${at}.png`, bytes, sha256: '' }))
  return { type: 'done', key: 'k', name: 'n', files }
}

/** A folder in which every file of `entries` is, with its size. */
function folderWith(t: TestContext, entries: readonly KnownJob[]): string {
  const out = folderOf(t)
  for (const entry of entries) {
    if (entry.type !== 'done') continue
    for (const { path, bytes } of entry.files) writeFileSync(join(out, path), Buffer.alloc(bytes))
  }
  return out
}

/** Counts how often it is asked. */
class CountingReader extends SizeReader {
  asked = 0

  override async read(paths: readonly string[]): Promise<Float64Array> {
    this.asked += 1
    return super.read(paths)
  }
}

async function settleAll(
  entries: readonly (KnownJob | undefined)[],
  out: string,
  { worthAhead, force = false }: { readonly worthAhead?: number; readonly force?: boolean } = {},
): Promise<{ readonly blocks: (readonly SettledJob[])[]; readonly asked: number }> {
  const sizes = new CountingReader()
  const blocks: (readonly SettledJob[])[] = []
  const settling = settleAhead(
    entries.map((_, index) => jobOf(index)),
    {
      entryOf: ({ index }) => entries[index],
      out,
      options: () => ({ rehearsal: false, force }),
      sizes,
      ...(worthAhead !== undefined && { worthAhead }),
    },
  )
  for await (const block of settling) blocks.push(block)
  return { blocks, asked: sizes.asked }
}

test('jobs keep their order, and the same is left to do for them on one thread and on two', async (t) => {
  const known = Array.from({ length: 1000 }, (_, index) => doneWith(index, index + 1))
  const out = folderWith(t, known)
  const entries: (KnownJob | undefined)[] = known.map((entry, index) => {
    if (index === 507) return undefined
    // Of this size there is no such file.
    return index % 50 === 3 ? doneWith(index, 5000) : entry
  })
  const one = await settleAll(entries, out)
  assert.equal(one.asked, 0)
  const two = await settleAll(entries, out, { worthAhead: 0 })
  assert.equal(two.asked, 2)
  for (const { blocks } of [one, two]) {
    const settled = blocks.flat()
    assert.deepEqual(
      settled.map(({ job }) => job.index),
      entries.map((_, index) => index),
    )
    for (const { job, settlement } of settled) {
      const isToRun = job.index === 507 || job.index % 50 === 3
      assert.equal(settlement.action, isToRun ? 'run' : 'skip', `job ${job.index}`)
    }
  }
  assert.deepEqual(one.blocks.flat(), two.blocks.flat())
})

test('a job that is to be run waits for none after it', async () => {
  const planned: number[] = []
  function* jobs(): Generator<Job> {
    for (let index = 0; index < 3; index += 1) {
      planned.push(index)
      yield jobOf(index)
    }
  }
  const options = { entryOf: () => undefined, out: '.', options: () => ({}) }
  for await (const block of settleAhead(jobs(), options)) {
    if (block.length === 0) continue
    assert.deepEqual(planned.at(-1), block[0]?.job.index)
  }
  assert.deepEqual(planned, [0, 1, 2])
})

test('nothing is looked for when everything is to be run', async (t) => {
  const entries = [doneWith(1), doneWith(2)]
  const { blocks } = await settleAll(entries, folderWith(t, entries), { worthAhead: 0, force: true })
  assert.deepEqual(
    blocks.flat().map(({ settlement }) => settlement.action),
    ['run', 'run'],
  )
})
