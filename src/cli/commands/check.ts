import { ComfyRunError } from '../../errors.ts'
import { findingPlaces } from '../../workflow/check/finding-place.ts'
import { sourceText } from '../../workflow/source-text.ts'
import { checkOnServers, type ServerClasses } from '../../workflow/check/several-servers.ts'
import { loadWorkflow } from '../../workflow/load.ts'
import type { CheckFormat, CheckedFile, Problem } from '../check-formats/checked-file.ts'
import { knownClasses } from '../known-classes.ts'
import type { ObjectInfoFlags } from '../options/object-info-option.ts'
import type { ServerOptions } from '../options/server-options.ts'
import { standardStream } from '../standard-streams.ts'

export interface CheckFlags extends ServerOptions, ObjectInfoFlags {
  /** How findings are written. */
  readonly format: 'text' | 'json' | 'sarif' | 'github'
}

/**
 * `comfy-run check <workflow...>`: everything that is wrong with workflows, told before a server is given any of them.
 * Resolves to the exit code: 0 if nothing is, 5 if something is, 2 if a file can't be read.
 */
export async function check(files: readonly string[], flags: CheckFlags): Promise<number> {
  const classes = await knownClasses(flags)
  const checked: CheckedFile[] = []
  let exitCode = 0
  for (const file of files) {
    const result = await checkFile(file, classes)
    checked.push(result)
    if (exitCode !== 2 && result.problems.length > 0) exitCode = result.isUnread ? 2 : 5
  }
  const report = { files: checked, against: classes.map(({ source }) => source).join(', ') }
  const format = await formatNamed(flags.format)
  // Those of GitHub are meant to be obeyed.
  const stdout = flags.format === 'github' ? process.stdout : standardStream('stdout')
  stdout.write(format(report))
  const { summaryOf } = await import('../check-formats/text.ts')
  standardStream('stderr').write(`${summaryOf(report)}\n`)
  return exitCode
}

async function checkFile(
  file: string,
  classes: readonly ServerClasses[],
): Promise<CheckedFile & { readonly isUnread?: boolean }> {
  try {
    const [first] = classes
    const workflow = await loadWorkflow(file, first && { nodeClasses: async () => first.objectInfo })
    const findings = checkOnServers(workflow, classes)
    if (findings.length === 0) return { file, problems: [] }
    const placeOf = findingPlaces(await sourceText(file), workflow.source)
    return { file, problems: findings.map((finding) => ({ ...finding, where: placeOf(finding) })) }
  } catch (error) {
    // One file that can't be read must not hide what is wrong with the others.
    if (!(error instanceof ComfyRunError)) throw error
    // What the page saved can be read, but not converted, if a class is missing.
    return { file, problems: [unread(file, error)], isUnread: error.exitCode === 2 }
  }
}

function unread(file: string, { code, message, hint, details, where = { file } }: ComfyRunError): Problem {
  return { code, severity: 'error', message, details, where, ...(hint !== undefined && { hint }) }
}

async function formatNamed(name: CheckFlags['format']): Promise<CheckFormat> {
  switch (name) {
    case 'text':
      return (await import('../check-formats/text.ts')).asText
    case 'json':
      return (await import('../check-formats/json.ts')).asJson
    case 'sarif':
      return (await import('../check-formats/sarif.ts')).asSarif
    case 'github':
      return (await import('../check-formats/github.ts')).asGithub
  }
}
