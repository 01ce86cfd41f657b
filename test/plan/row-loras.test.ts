import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RowLoras } from '../../src/plan/row-loras.ts'
import type { Cell, Row, Setting } from '../../src/plan/row.ts'
import type { JsonValue } from '../../src/protocol/json.ts'
import type { Workflow } from '../../src/workflow/workflow.ts'
import { exampleWorkflow, failureOf } from './helpers.ts'

const where = { file: 'jobs.csv', line: 2 }

function row(value: JsonValue, shared = false): Row {
  const cell: Cell = { key: 'lora', value, typed: false, shared, where, keyWhere: where }
  return { cells: [cell], origin: where }
}

const option: Setting = {
  address: 'lora',
  value: ['option'],
  typed: true,
  where: { file: 'command line', label: '--lora' },
}

/** The LoRAs that a graph has. */
function loras({ nodes }: Workflow): string[] {
  return Array.from(nodes.values()).flatMap(({ inputs }) =>
    typeof inputs['lora_name'] === 'string'
      ? [`${inputs['lora_name']}:${Number(inputs['strength_model'])}`]
      : [],
  )
}

test('a row has its own, else those of the option, else those of the defaults of its file', () => {
  const workflow = exampleWorkflow()
  const [none, some] = [new RowLoras([]), new RowLoras([option])]
  assert.deepEqual(loras(some.applied(workflow, row('own:0.5'))), ['own:0.5'])
  assert.deepEqual(loras(some.applied(workflow, row('shared', true))), ['option:1'])
  assert.deepEqual(loras(some.applied(workflow, undefined)), ['option:1'])
  assert.deepEqual(loras(none.applied(workflow, row('shared', true))), ['shared:1'])
  assert.equal(none.applied(workflow, { cells: [], origin: where }), workflow)
  assert.equal(some.asked(row('own'))?.value, 'own')
  assert.equal(none.asked(undefined), undefined)
})

test('several in one cell: as a text, or as a list', () => {
  const { applied } = {
    applied: (value: JsonValue) => new RowLoras([]).applied(exampleWorkflow(), row(value)),
  }
  assert.deepEqual(loras(applied('a:0.5; b')), ['a:0.5', 'b:1'])
  assert.deepEqual(loras(applied(['a', 'b:2'])), ['a:1', 'b:2'])
})

test('rows that ask for the same share a graph', () => {
  const workflow = exampleWorkflow()
  const applied = new RowLoras([])
  assert.equal(applied.applied(workflow, row('a')), applied.applied(workflow, row(['a'])))
  assert.notEqual(applied.applied(workflow, row('a')), applied.applied(workflow, row('b')))
})

test('what is no LoRA is refused at the cell', async () => {
  for (const value of ['ink:strong', 4, ['a', 4]]) {
    const error = await failureOf(() => new RowLoras([]).applied(exampleWorkflow(), row(value)))
    assert.deepEqual([error.code, error.where], ['bad-value', where])
  }
})
