/** Whether a value is a UUID as prompt ids must be: lowercase, with hyphens, of any version. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/.test(value)
}
