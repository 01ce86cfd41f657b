/** A JSON Schema, of which these keywords are used: nothing else may stand in a schema that is tested with it. */
export interface Schema {
  readonly $schema?: string
  readonly $id?: string
  readonly title?: string
  readonly description?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly $ref?: string
  readonly oneOf?: readonly Schema[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
}

const keywords = new Set(
  (
    '$schema $id title description $defs $ref oneOf const enum type properties required items minimum maximum ' +
    'pattern'
  ).split(' '),
)

/**
 * What is wrong with a value, a line for each fault; empty if nothing is. Stricter than the standard in one thing:
 * fields that the schema does not name are faults, so that nothing undocumented slips through.
 */
export function schemaFaults(root: Schema, value: unknown, schema = root, path = '$'): string[] {
  const unknown = Object.keys(schema).find((keyword) => !keywords.has(keyword))
  if (unknown !== undefined) return [`${path}: the schema uses ${unknown}, which is not checked here`]
  if (schema.$ref !== undefined) return schemaFaults(root, value, definition(root, schema.$ref), path)
  if (schema.oneOf) {
    const tried = schema.oneOf.map((option) => schemaFaults(root, value, option, path))
    const fitting = tried.filter((faults) => faults.length === 0).length
    // The one that fits best tells most.
    const [nearest = []] = tried.toSorted((a, b) => a.length - b.length)
    return fitting === 1 ? [] : [`${path}: fits ${fitting} of the forms`, ...nearest]
  }
  const faults = ownFaults(schema, value).map((fault) => `${path}: ${fault}`)
  if (Array.isArray(value) && schema.items) {
    const { items } = schema
    return [...faults, ...value.flatMap((item, at) => schemaFaults(root, item, items, `${path}[${at}]`))]
  }
  if (typeof value !== 'object' || value === null || !schema.properties) return faults
  const { properties } = schema
  for (const [key, field] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (known) faults.push(...schemaFaults(root, field, known, `${path}.${key}`))
    else faults.push(`${path}.${key}: is not in the schema`)
  }
  return faults
}

function definition(root: Schema, ref: string): Schema {
  const found = root.$defs?.[ref.replace('#/$defs/', '')]
  if (!found) throw new Error(`the schema has no ${ref}`)
  return found
}

function ownFaults(schema: Schema, value: unknown): string[] {
  const { type, enum: choices, required = [], minimum = -Infinity, maximum = Infinity, pattern } = schema
  const faults: string[] = []
  if ('const' in schema && value !== schema.const) faults.push(`is not ${JSON.stringify(schema.const)}`)
  if (choices && !choices.includes(value)) faults.push(`is none of ${JSON.stringify(choices)}`)
  if (type && !isOf(type, value)) faults.push(`is no ${type}: ${JSON.stringify(value)}`)
  if (typeof value === 'number' && !(value >= minimum && value <= maximum))
    faults.push(`${value} is out of range`)
  if (typeof value === 'string' && pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    faults.push(`${JSON.stringify(value)} does not match ${pattern}`)
  }
  if (typeof value === 'object' && value !== null) {
    for (const key of required) if (!Object.hasOwn(value, key)) faults.push(`has no ${key}`)
  }
  return faults
}

function isOf(type: NonNullable<Schema['type']>, value: unknown): boolean {
  if (type === 'integer') return Number.isSafeInteger(value)
  if (type === 'array') return Array.isArray(value)
  // oxlint-disable-next-line valid-typeof
  return typeof value === type && value !== null && !Array.isArray(value)
}
