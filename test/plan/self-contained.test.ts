import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { checkPlan } from '../../src/plan/check.ts'
import { csvRows } from '../../src/plan/csv-rows.ts'
import type { PlanOptions } from '../../src/plan/jobs.ts'
import type { Row } from '../../src/plan/row.ts'
import { toGraph } from '../../src/workflow/workflow.ts'
import { folderOf } from '../rig/folder.ts'
import { exampleWorkflow, pieces } from './helpers.ts'

async function writeImage(file: string): Promise<void> {
  await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).toFile(file)
}

/** Whether the check of a plan of these rows could be gone by later. */
async function areSelfContained(text: string, more: Partial<PlanOptions> = {}): Promise<boolean> {
  const rows: AsyncIterable<Row> = { [Symbol.asyncIterator]: () => csvRows('jobs.csv', pieces(text)) }
  const workflow = exampleWorkflow({ image: true })
  const plan = { workflow, rows, defaults: [], seedSalt: 'salt', sourceFolder: '.', ...more }
  const { errors, isSelfContained } = await checkPlan(plan)
  assert.deepEqual(errors, [])
  return isSelfContained
}

test('jobs of rows and options alone are self-contained, with names and copies of their own, too', async () => {
  assert.equal(await areSelfContained('prompt,steps,count,name\na,4,2,{prompt}-{copy}\nb,5,,x\n'), true)
})

test('one row that names an image, a workflow, LoRAs or a check of outputs, and they are not', async (t) => {
  const folder = folderOf(t)
  await writeImage(join(folder, 'in.png'))
  await writeFile(join(folder, 'own.json'), JSON.stringify(toGraph(exampleWorkflow())))
  const more = { sourceFolder: folder }
  assert.equal(await areSelfContained('prompt,image\na,\nb,in.png\nc,\n', more), false)
  assert.equal(await areSelfContained('prompt,workflow\na,own.json\n', more), false)
  assert.equal(await areSelfContained('prompt,lora\na,detail.safetensors\n', more), false)
  assert.equal(await areSelfContained('prompt,expect\na,images>=1\n', more), false)
})

test('an option that names a file, or a name with the date, and they are not', async (t) => {
  const file = join(folderOf(t), 'in.png')
  await writeImage(file)
  const defaults = [{ address: 'image', value: file, typed: true }]
  assert.equal(await areSelfContained('prompt\na\n', { defaults }), false)
  assert.equal(await areSelfContained('prompt\na\n', { nameTemplate: '{date}/{prompt}' }), false)
  assert.equal(await areSelfContained('prompt,name\na,x\nb,{date}\n'), false)
  assert.equal(await areSelfContained('prompt\na\n', { nameTemplate: '{index}-{prompt}' }), true)
})
