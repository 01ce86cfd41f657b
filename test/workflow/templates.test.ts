import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { stringifyJson } from '../../src/protocol/json.ts'
import { inspectWorkflow } from '../../src/workflow/inspect.ts'
import { parseWorkflow } from '../../src/workflow/parse.ts'
import { findRoles, type Role } from '../../src/workflow/roles.ts'
import type { Workflow } from '../../src/workflow/workflow.ts'

// Graphs that the official frontend made of its templates. They are too large to be kept in the repository.
const folder = new URL('../../../shared/ui-to-api/pairs/', import.meta.url)
const skip = existsSync(folder) ? false : 'the templates (../shared/ui-to-api) are not here'
const files = skip === false ? readdirSync(folder).filter((name) => name.endsWith('.api.json')) : []

const numbers = new Set<Role>([
  'seed',
  'steps',
  'cfg',
  'denoise',
  'width',
  'height',
  'batch',
  'frames',
  'fps',
])

function load(file: string): Workflow {
  return parseWorkflow(readFileSync(new URL(file, folder), 'utf8'), file)
}

test('all templates load, and no role sets an input of another kind', { skip }, () => {
  assert.ok(files.length >= 300, `only ${files.length} templates`)
  for (const file of files) {
    const workflow = load(file)
    for (const { role, targets, problem } of findRoles(workflow).values()) {
      assert.ok(targets.length > 0 || problem !== undefined, `${file}: ${role} says nothing`)
      for (const { node, input } of targets) {
        const value = workflow.nodes.get(node)?.inputs[input]
        const isNumber = Number.isFinite(Number(value))
        const isRight = numbers.has(role) ? isNumber : typeof value === 'string'
        assert.ok(isRight, `${file}: ${role} sets ${node}.${input}, which holds ${stringifyJson(value)}`)
      }
    }
    assert.ok(inspectWorkflow(workflow).inputs.length > 0, file)
  }
})

test('in no template do prompt and negative set the same input', { skip }, () => {
  for (const file of files) {
    const roles = findRoles(load(file))
    const prompts = new Set(roles.get('prompt')?.targets.map(({ node, input }) => `${node}.${input}`))
    for (const { node, input } of roles.get('negative')?.targets ?? []) {
      assert.ok(!prompts.has(`${node}.${input}`), `${file}: ${node}.${input} is both`)
    }
  }
})

test('most templates that sample have a prompt, a seed, steps and a model that can be set', { skip }, () => {
  const sampling = files.filter((file) =>
    /"KSampler(?:Advanced)?"|"SamplerCustom(?:Advanced)?"/.test(readFileSync(new URL(file, folder), 'utf8')),
  )
  const share = (role: Role): number =>
    sampling.filter((file) => findRoles(load(file)).get(role)?.targets.length !== 0).length / sampling.length
  const least: readonly (readonly [Role, number])[] = [
    ['prompt', 0.8],
    ['seed', 0.95],
    ['steps', 0.9],
    ['model', 0.95],
  ]
  for (const [role, part] of least) assert.ok(share(role) >= part, `${role}: ${share(role)}`)
})
