import { stringifyJson, type JsonValue } from '../../protocol/json.ts'
import { inspectWorkflow, type InspectedRole, type Inspection } from '../../workflow/inspect.ts'
import { loadWorkflow } from '../../workflow/load.ts'
import { loadOptions, type NodeClassFlags } from '../node-classes.ts'
import { cleanLine } from '../../reporters/clean-text.ts'
import { standardStream, writeJson } from '../standard-streams.ts'
import { table } from '../tables.ts'

interface InspectFlags extends NodeClassFlags {
  readonly json?: boolean
}

/** `comfy-run inspect <workflow|image>`: its roles and settable inputs, with the values that they hold. */
export async function inspect(file: string, flags: InspectFlags): Promise<void> {
  const inspection = inspectWorkflow(await loadWorkflow(file, loadOptions(flags)))
  if (flags.json) writeJson(asJson(inspection))
  else standardStream('stdout').write(asTables(inspection))
}

function asJson({ roles, inputs }: Inspection): string {
  /** Something of the roles that have it. */
  const each = (read: (role: InspectedRole) => JsonValue | undefined): Record<string, JsonValue> =>
    Object.fromEntries(
      roles.flatMap((role) => {
        const value = read(role)
        return value === undefined ? [] : [[role.role, value]]
      }),
    )
  return stringifyJson(
    {
      roles: each(({ addresses }) => [...addresses]),
      values: each(({ value }) => value),
      problems: each(({ problem }) => problem),
      notes: each(({ notes }) => (notes.length > 0 ? [...notes] : undefined)),
      inputs,
    },
    2,
  )
}

function asTables({ roles, inputs }: Inspection): string {
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined
  const roleRows = roles.map(({ role, addresses, value, problem }) => [
    role,
    addresses.join(' '),
    problem === undefined ? shown(value) : `(${problem})`,
  ])
  const notes = roles.flatMap(({ role, notes: own }) => own.map((note) => `${role}: ${note}`))
  const inputRows = inputs.map(({ address, classType, title, value }) => [
    address,
    title === undefined || title === classType ? classType : `${classType} "${title}"`,
    shown(value),
  ])
  return (
    [
      table(roleRows, { header: ['role', 'sets', 'now'], columns }),
      ...(notes.length > 0 ? [notes.map(cleanLine).join('\n')] : []),
      table(inputRows, { header: ['address', 'node', 'now'], columns }),
    ].join('\n\n') + '\n'
  )
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? '' : stringifyJson(value)
}
