import { existsSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { JsonValue } from '../../protocol/json.ts'
import { isFileRole } from '../../workflow/roles.ts'

/** Gives the text that a cell must have in the other file; undefined if it can stay as it is. */
export type MovePath = (key: string, value: JsonValue) => string | undefined

const promptColumns = new Set(['prompt', 'negative'])

/** Relative paths start from the jobs file's folder: finds those that rows need to mean the same in another folder. */
export function movePaths(from: string, to: string): MovePath {
  if (resolve(from) === resolve(to)) return () => undefined
  return (key, value) => {
    if (typeof value !== 'string') return undefined
    const [, at = '', path = ''] = /^(@?)(.*)$/s.exec(value) ?? []
    if (path === '' || isAbsolute(path) || !isPath(key, at, resolve(from, path))) return undefined
    return at + relative(resolve(to), resolve(from, path)).split(sep).join('/')
  }
}

/** Cells for files are paths. In any other column, a text that begins with a single `@` names a file. */
function isPath(key: string, at: string, file: string): boolean {
  if (key === 'workflow' || isFileRole(key)) return true
  // A prompt may begin with `@`, also one in a column with an address: a file is one only if it is there.
  return at !== '' && !promptColumns.has(key) && existsSync(file)
}
