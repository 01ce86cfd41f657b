import { stringifyJson } from '../../protocol/json.ts'
import { cleanJson } from '../../reporters/clean-text.ts'
import type { CheckReport, Problem } from './checked-file.ts'

/** The version of this format; it grows, but what is there stays, until this number changes. */
const checkFormat = 1

/** One object, with the problems of each file. */
export function asJson({ files, against }: CheckReport): string {
  const found = files.map(({ file, problems }) => ({ file, findings: problems.map(asFinding) }))
  return `${cleanJson(stringifyJson({ format: checkFormat, against, workflows: found }, 2))}\n`
}

function asFinding({ where, classType, details, ...problem }: Problem): object {
  const { file, line, column } = where
  return {
    ...problem,
    ...(classType !== undefined && { class: classType }),
    ...(details && details.length > 0 && { details }),
    where: { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) },
  }
}
