import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadObjectInfo } from '../../../src/workflow/object-info-file.ts'
import { parseWorkflow } from '../../../src/workflow/parse.ts'
import { roleNames } from '../../../src/workflow/roles.ts'
import type { Workflow } from '../../../src/workflow/workflow.ts'
import { differences, judgedTable } from './judged.ts'

// Graphs that the official frontend made of its templates. They are too large to be kept in the repository.
const shared = new URL('../../../../shared/ui-to-api/', import.meta.url)
const skip = existsSync(shared) ? false : 'the templates (../shared/ui-to-api) are not here'

// Judged by reading the graphs, before the finder was asked.
const templates = judgedTable('templates')
const own = judgedTable('own')

function template(name: string): Workflow {
  return parseWorkflow(readFileSync(new URL(`pairs/${name}.api.json`, shared), 'utf8'), name)
}

function graph(name: string): Workflow {
  const file = new URL(`../../fixtures/roles/graphs/${name}.json`, import.meta.url)
  return parseWorkflow(readFileSync(file, 'utf8'), name)
}

for (const judged of own) {
  test(`in the graph ${judged.name} each role is what a person says`, () => {
    assert.deepEqual(differences(judged, graph(judged.name)), [])
  })
}

test('the tables name each graph once, and roles that there are', () => {
  const names = [...templates, ...own].map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  assert.ok(templates.length >= 60)
  const known = new Set<string>(roleNames)
  for (const { name, roles } of [...templates, ...own]) {
    for (const role of roles.keys()) assert.ok(known.has(role) || role === '', `${name}: ${role}`)
  }
})

test('in every judged template each role is what a person says, by structure alone', { skip }, () => {
  assert.deepEqual(
    templates.flatMap((judged) => differences(judged, template(judged.name))),
    [],
  )
})

test('and by the types of the node classes', { skip }, async () => {
  const nodeClasses = await loadObjectInfo(fileURLToPath(new URL('object_info.json', shared)))
  assert.deepEqual(
    templates.flatMap((judged) => differences(judged, { ...template(judged.name), nodeClasses })),
    [],
  )
})
