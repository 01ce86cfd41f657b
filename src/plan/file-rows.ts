import { resolve } from 'node:path'
import type { Row } from './row.ts'

/** A row for each file, as a jobs file with the one column `key` would give them. Can be walked again and again. */
export function fileRows(files: readonly string[], key: 'image' | 'workflow'): AsyncIterable<Row> {
  return {
    async *[Symbol.asyncIterator]() {
      for (const file of files) {
        const where = { file }
        const cell = { key, value: resolve(file), typed: true, where, keyWhere: where }
        yield { cells: [cell], origin: where }
      }
    },
  }
}
