/** Longest first: where one secret begins as another does, nothing of the longer one may be left. */
let secrets: readonly string[] = []

/**
 * Declares a value that must never be shown: tokens, passwords, values of credential headers. From then on
 * `redact` replaces it, also as it stands in addresses and in JSON. Values shorter than 4 characters are ignored: they
 * would hide ordinary text.
 */
export function keepSecret(value: string): void {
  if (value.length < 4) return
  const forms = [value, encodeURIComponent(Buffer.from(value).toString()), JSON.stringify(value).slice(1, -1)]
  secrets = [...new Set([...secrets, ...forms])].sort((a, b) => b.length - a.length)
}

/** Replaces every declared secret, and the user:password part of any URL, by `***`. */
export function redact(text: string): string {
  // Bounded, as a long text of nothing but beginnings would take the square of its length.
  let clean = text.replaceAll(/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#]{1,2000}@/gi, '$1***@')
  for (const secret of secrets) clean = clean.replaceAll(secret, '***')
  return clean
}
