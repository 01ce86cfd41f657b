import assert from 'node:assert/strict'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { checkedOnce, type CheckedOnce } from '../../src/cli/checked-once.ts'
import { JobGraphCheck } from '../../src/plan/job-graph-check.ts'
import { readRows } from '../../src/plan/rows.ts'
import type { Row } from '../../src/plan/row.ts'
import type { ObjectInfo } from '../../src/protocol/object-info.ts'
import type { PassedCheck } from '../../src/run/journal/entries.ts'
import { exampleWorkflow } from '../plan/helpers.ts'
import { folderOf } from '../rig/folder.ts'
import { objectInfo } from '../workflow/check/helpers.ts'

const model = 'sd_xl_base_1.0.safetensors'

/** A jobs file that counts how often it is walked. */
class Shots {
  walks = 0
  readonly #file: string

  constructor(t: TestContext) {
    this.#file = join(folderOf(t), 'shots.csv')
  }

  async write(text: string): Promise<void> {
    await writeFile(this.#file, text)
  }

  async check(
    before?: PassedCheck,
    { classes = objectInfo(), whileWalked = '' }: { classes?: ObjectInfo; whileWalked?: string } = {},
  ): Promise<CheckedOnce | { readonly exitCode: number }> {
    const walked = async (): Promise<void> => {
      this.walks += 1
      await appendFile(this.#file, whileWalked)
    }
    const file = this.#file
    const rows: AsyncIterable<Row> = {
      async *[Symbol.asyncIterator]() {
        await walked()
        yield* readRows(file)
      },
    }
    const defaults = [{ address: 'model', value: model, typed: true }]
    const plan = { workflow: exampleWorkflow(), rows, defaults, seedSalt: 'salt', sourceFolder: '.' }
    const graphs = new JobGraphCheck(async () => [{ objectInfo: classes, isLive: true, source: 'http://a' }])
    return checkedOnce({ plan, graphs, source: file, before })
  }

  /** The check that the journal would get. */
  async passed(options: { whileWalked?: string } = {}): Promise<PassedCheck | undefined> {
    const checked = await this.check(undefined, options)
    assert.ok('jobs' in checked)
    return checked.passed
  }
}

test('a plan that passed is not walked again, and has the same jobs and models', async (t) => {
  const shots = new Shots(t)
  await shots.write('prompt,steps\na,2\nb,3\n')
  const first = await shots.check()
  assert.ok('jobs' in first && first.passed)
  const again = await shots.check(first.passed)
  assert.deepEqual(again, first)
  assert.deepEqual([first.jobs, first.models, shots.walks], [2, [model], 1])
})

test('a byte changed, and it is walked: what is wrong now is found', async (t) => {
  const shots = new Shots(t)
  await shots.write('prompt,steps\na,2\nb,3\n')
  const passed = await shots.passed()
  await shots.write('prompt,steps\na,2\nb,x\n')
  assert.deepEqual(await shots.check(passed), { exitCode: 2 })
  assert.equal(shots.walks, 2)
})

test('other node classes on the server, and it is walked: what it would refuse now is found', async (t) => {
  const shots = new Shots(t)
  await shots.write('prompt,sampler\na,euler\n')
  const passed = await shots.passed()
  const { CheckpointLoaderSimple: _, ...classes } = objectInfo()
  assert.deepEqual(await shots.check(passed, { classes }), { exitCode: 5 })
  assert.equal(shots.walks, 2)
})

test('a plan that leaves something to warn of is walked each time', async (t) => {
  const shots = new Shots(t)
  await shots.write('prompt\na\na\n')
  assert.equal(await shots.passed(), undefined, 'two rows ask for the same')
  await shots.write('prompt,steps\na,2.5\n')
  assert.equal(await shots.passed(), undefined, 'the server takes it for 2')
})

test('a plan with jobs that are made of other files is walked each time', async (t) => {
  const shots = new Shots(t)
  await shots.write('prompt,expect\na,\nb,images>=1\n')
  assert.equal(await shots.passed(), undefined)
})

test('what was edited while it was walked is walked again', async (t) => {
  const shots = new Shots(t)
  await shots.write('prompt\na\n')
  assert.equal(await shots.passed({ whileWalked: 'b\n' }), undefined)
  assert.ok(await shots.passed())
})
