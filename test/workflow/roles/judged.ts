import { readFileSync } from 'node:fs'
import { findRoles } from '../../../src/workflow/roles.ts'
import type { Workflow } from '../../../src/workflow/workflow.ts'

/** A graph, and what a person who reads it says that the flag of each role changes. */
export interface Judged {
  readonly name: string
  /** Addresses by role, sorted, with commas between. A role that is not there has none; `prefix` is not judged. */
  readonly roles: ReadonlyMap<string, string>
}

/** A table of test/fixtures/roles. */
export function judgedTable(name: string): Judged[] {
  return readFileSync(new URL(`../../fixtures/roles/${name}.tsv`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split('\t'))
    .map(([name = '', roles = '']) => ({ name, roles: new Map(roles.split(' ').map(roleOf)) }))
}

/** Where the finder differs from what a person says. */
export function differences({ name, roles }: Judged, workflow: Workflow): string[] {
  return Array.from(findRoles(workflow).values()).flatMap(({ role, targets }) => {
    const wanted = (roles.get(role) ?? '').split(',').sort().join()
    const found = targets
      .map(({ node, input }) => `${node}.${input}`)
      .sort()
      .join()
    return role === 'prefix' || found === wanted ? [] : [`${name}: ${role} is "${wanted}", found "${found}"`]
  })
}

function roleOf(item: string): [role: string, addresses: string] {
  const at = item.indexOf('=')
  return [item.slice(0, at), item.slice(at + 1)]
}
