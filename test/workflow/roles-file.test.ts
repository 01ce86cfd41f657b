import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ComfyRunError } from '../../src/errors.ts'
import { loadWorkflow } from '../../src/workflow/load.ts'
import { findRoles } from '../../src/workflow/roles.ts'
import { stringifyJson } from '../../src/protocol/json.ts'
import { toGraph } from '../../src/workflow/workflow.ts'
import { folderOf } from '../rig/folder.ts'
import { addresses, fixture } from './helpers.ts'

/** Loads a workflow beside which there is a file of roles with this text. */
async function loaded(t: TestContext, roles?: string) {
  const folder = folderOf(t)
  const file = join(folder, 'two.pass.json')
  writeFileSync(file, stringifyJson(toGraph(fixture('hires'))))
  if (roles !== undefined) writeFileSync(join(folder, 'two.pass.roles.json'), roles)
  return loadWorkflow(file)
}

async function refused(t: TestContext, roles: string): Promise<ComfyRunError> {
  const error: unknown = await loaded(t, roles).catch((reason: unknown) => reason)
  assert.ok(error instanceof ComfyRunError)
  assert.match(error.where?.file ?? '', /two\.pass\.roles\.json$/)
  return error
}

test('a file beside the workflow settles roles, by any address', async (t) => {
  const workflow = await loaded(t, '{"steps": "21.steps", "cfg": ["3.cfg", "21.cfg"], "negative": []}')
  const targets = (['steps', 'cfg', 'negative'] as const).map((role) =>
    addresses(findRoles(workflow).get(role)?.targets ?? []),
  )
  assert.deepEqual(targets, ['21.steps', '3.cfg 21.cfg', ''])
  assert.match(findRoles(workflow).get('steps')?.notes[0] ?? '', /^settled by .*two\.pass\.roles\.json$/)
})

test('without the file the workflow is as it was', async (t) => {
  assert.equal((await loaded(t)).settledRoles, undefined)
})

test('a file that can not be meant is refused, at its place', async (t) => {
  const misspelt = await refused(t, '{\n  "heigt": "5.height"\n}')
  assert.deepEqual(
    [misspelt.code, misspelt.hint, misspelt.where?.line],
    ['bad-roles-file', 'did you mean "height"?', 2],
  )
  const gone = await refused(t, '{"steps": "21.step"}')
  assert.deepEqual([gone.code, gone.where?.line], ['unknown-address', 1])
  for (const text of ['{', '[]', '{"steps": 4}', '{"steps": "cfg"}']) {
    assert.equal((await refused(t, text)).code, 'bad-roles-file', text)
  }
})
