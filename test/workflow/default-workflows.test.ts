import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadWorkflow } from '../../src/workflow/load.ts'
import { findRoles, roleNames, type Role } from '../../src/workflow/roles.ts'

/** The roles that a workflow of ours has no input for. */
const without: Readonly<Record<string, readonly Role[]>> = {
  txt2img: ['image', 'mask'],
  img2img: ['width', 'height', 'batch', 'mask'],
  inpaint: ['width', 'height', 'batch'],
}

for (const [name, absent] of Object.entries(without)) {
  test(`${name}: every role but ${absent.join(', ')} has one input, and every node a title`, async () => {
    const file = fileURLToPath(new URL(`../../workflows/${name}.json`, import.meta.url))
    const workflow = await loadWorkflow(file)
    const roles = findRoles(workflow)
    for (const role of roleNames) {
      assert.equal(roles.get(role)?.targets.length, absent.includes(role) ? 0 : 1, role)
      assert.equal(roles.get(role)?.problem === undefined, !absent.includes(role), role)
    }
    for (const [id, { title }] of workflow.nodes) assert.ok(title, `node ${id}`)
  })
}
