import { nodeInfo } from '../../../src/embedded/node-info.ts'
import { nodeTable } from '../../../src/embedded/nodes/table.ts'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { readObjectInfo, type ObjectInfo } from '../../../src/protocol/object-info.ts'
import type { Finding } from '../../../src/workflow/check/finding.ts'

const noFolders = { input: '/nowhere/input', output: '/nowhere/output', temp: '/nowhere/temp' }

/** The classes of the embedded server, as `GET /object_info` has them, and a few more in its notation. */
export function objectInfo(more: JsonObject = {}): ObjectInfo {
  const classes = Array.from(nodeTable, ([name, node]) => [name, nodeInfo(node, noFolders)])
  return readObjectInfo({ ...(Object.fromEntries(classes) as JsonObject), ...more }) ?? {}
}

/** A class that puts an image out. */
export function makerOf(required: JsonObject, more: JsonObject = {}): JsonObject {
  return { input: { required }, output: ['IMAGE'], output_node: false, ...more }
}

/** Findings in short: `severity code node.input`. */
export function short(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, code, node = '', input = '' }) => `${severity} ${code} ${node}.${input}`)
}
