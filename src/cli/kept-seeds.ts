import { isDeepStrictEqual } from 'node:util'
import { ComfyRunError } from '../errors.ts'
import type { Setting } from '../plan/row.ts'
import type { JsonValue } from '../protocol/json.ts'
import { resolveAddress } from '../workflow/address.ts'
import { findRoles } from '../workflow/roles.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'

/**
 * Settings that keep the seeds which a workflow holds, except where `settings` give others: without them each job
 * gets a seed of its own.
 */
export function keptSeeds(workflow: Workflow, settings: readonly Setting[]): Setting[] {
  const given = settings.flatMap(({ address }) => targetsOf(workflow, address))
  const targets = findRoles(workflow).get('seed')?.targets ?? []
  const kept = targets.filter((target) => !given.some((other) => isDeepStrictEqual(target, other)))
  const values = new Set(kept.map((target) => valueOf(workflow, target)))
  // One setting for all says more in names and records.
  if (values.size === 1 && kept.length === targets.length)
    return [...values].flatMap((value) => keep('seed', value))
  return kept.flatMap((target) => keep(`${target.node}.${target.input}`, valueOf(workflow, target)))
}

function keep(address: string, value: JsonValue | undefined): Setting[] {
  if (typeof value !== 'number' && typeof value !== 'bigint') return []
  return [{ address, value, typed: true, where: { file: 'command line', label: '--from-image' } }]
}

function valueOf(workflow: Workflow, { node, input }: InputRef): JsonValue | undefined {
  return workflow.nodes.get(node)?.inputs[input]
}

/** An address that is wrong is told when the plan is made. */
function targetsOf(workflow: Workflow, address: string): readonly InputRef[] {
  try {
    return resolveAddress(workflow, address)
  } catch (error) {
    if (error instanceof ComfyRunError) return []
    throw error
  }
}
