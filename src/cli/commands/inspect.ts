import { stringifyJson, type JsonValue } from '../../protocol/json.ts'
import { inspectWorkflow, type Inspection } from '../../workflow/inspect.ts'
import { loadWorkflow } from '../../workflow/load.ts'
import { table } from '../tables.ts'

/** `comfy-run inspect <workflow|image>`: its roles and settable inputs, with the values that they hold. */
export async function inspect(file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const inspection = inspectWorkflow(await loadWorkflow(file))
  process.stdout.write(json ? asJson(inspection) : asTables(inspection))
}

function asJson({ roles, inputs }: Inspection): string {
  const problems = roles.filter(({ problem }) => problem !== undefined)
  return `${stringifyJson(
    {
      roles: Object.fromEntries(roles.map(({ role, addresses }) => [role, addresses])),
      values: Object.fromEntries(
        roles.filter(({ value }) => value !== undefined).map(({ role, value }) => [role, value]),
      ),
      problems: Object.fromEntries(problems.map(({ role, problem }) => [role, problem])),
      inputs,
    },
    2,
  )}\n`
}

function asTables({ roles, inputs }: Inspection): string {
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined
  const roleRows = roles.map(({ role, addresses, value, problem }) => [
    role,
    addresses.join(' '),
    problem === undefined ? shown(value) : `(${problem})`,
  ])
  const inputRows = inputs.map(({ address, classType, title, value }) => [
    address,
    title === undefined || title === classType ? classType : `${classType} "${title}"`,
    shown(value),
  ])
  return (
    [
      table(roleRows, { header: ['role', 'sets', 'now'], columns }),
      table(inputRows, { header: ['address', 'node', 'now'], columns }),
    ].join('\n\n') + '\n'
  )
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? '' : stringifyJson(value)
}
