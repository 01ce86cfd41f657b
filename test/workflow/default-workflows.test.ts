import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadWorkflow } from '../../src/workflow/load.ts'
import { findRoles, isFurtherFile, roleNames, type Role } from '../../src/workflow/roles.ts'

/** Roles of videos, sounds and further files, which none of these has. */
const ofNone = new Set<Role>(['frames', 'fps', 'video', 'audio', ...roleNames.filter(isFurtherFile)])

/** The other roles that a workflow of ours has no input for. */
const without: Readonly<Record<string, readonly Role[]>> = {
  txt2img: ['image', 'mask'],
  img2img: ['batch', 'mask'],
  inpaint: ['batch'],
}

for (const [name, absent] of Object.entries(without)) {
  test(`${name}: every role but ${absent.join(', ')} has one input, and every node a title`, async () => {
    const file = fileURLToPath(new URL(`../../workflows/${name}.json`, import.meta.url))
    const workflow = await loadWorkflow(file)
    const roles = findRoles(workflow)
    for (const role of roleNames) {
      const isAbsent = absent.includes(role) || ofNone.has(role)
      assert.equal(roles.get(role)?.targets.length, isAbsent ? 0 : 1, role)
      assert.equal(roles.get(role)?.problem === undefined, !isAbsent, role)
    }
    for (const [id, { title }] of workflow.nodes) assert.ok(title, `node ${id}`)
  })
}
