import { stringify } from 'yaml'
import type { Cell, Row } from '../../plan/row.ts'
import type { JsonValue } from '../../protocol/json.ts'
import type { MovePath } from './moved-paths.ts'

/**
 * The wanted rows (numbers from 1) as YAML. They are written anew, as a job may lean on anchors of others: values are
 * exact, comments are gone.
 */
export async function writeYaml(
  rows: AsyncIterable<Row>,
  wanted: ReadonlySet<number>,
  move: MovePath,
): Promise<string> {
  const jobs: Record<string, JsonValue>[] = []
  const defaults: Record<string, JsonValue> = {}
  let number = 0
  for await (const { cells } of rows) {
    number += 1
    if (!wanted.has(number)) continue
    jobs.push(
      valuesOf(
        cells.filter(({ shared }) => !shared),
        move,
      ),
    )
    Object.assign(
      defaults,
      valuesOf(
        cells.filter(({ shared }) => shared),
        move,
      ),
    )
  }
  const content = Object.keys(defaults).length > 0 ? { defaults, jobs } : jobs
  return stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })
}

function valuesOf(cells: readonly Cell[], move: MovePath): Record<string, JsonValue> {
  return Object.fromEntries(cells.map(({ key, value }) => [key, move(key, value) ?? value]))
}
