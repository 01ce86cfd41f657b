import { isLink } from '../protocol/graph.ts'
import type { JsonValue } from '../protocol/json.ts'
import { findRoles, isFurtherFile, type Role } from './roles.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** What can be set in a workflow, as data. */
export interface Inspection {
  /** Every role; of those for further files (`image2`) only those that are played. */
  readonly roles: readonly InspectedRole[]
  /** Every input that holds a value of its own (no link), in the order of the file. */
  readonly inputs: readonly InspectedInput[]
}

export interface InspectedRole {
  readonly role: Role
  /** Every input that the role's flag changes, sorted. */
  readonly addresses: readonly string[]
  readonly value?: JsonValue
  readonly problem?: string
  /** What could be meant as well and was left out, and why. */
  readonly notes: readonly string[]
}

export interface InspectedInput {
  readonly address: string
  readonly node: NodeId
  readonly classType: string
  readonly title?: string
  readonly value: JsonValue
}

/** Lists the roles of a workflow, and its inputs. */
export function inspectWorkflow(workflow: Workflow): Inspection {
  const roles = Array.from(findRoles(workflow).values(), ({ targets, ...finding }) => ({
    ...finding,
    addresses: targets.map(addressOf).sort(),
  })).filter(({ role, addresses }) => addresses.length > 0 || !isFurtherFile(role))
  const inputs = Array.from(workflow.nodes).flatMap(([node, { classType, title, inputs: own }]) =>
    Object.entries(own)
      .filter(([, value]) => !isLink(value))
      .map(([input, value]) => ({
        address: addressOf({ node, input }),
        node,
        classType,
        ...(title !== undefined && { title }),
        value,
      })),
  )
  return { roles, inputs }
}

function addressOf({ node, input }: InputRef): string {
  return `${node}.${input}`
}
