const secrets = new Set<string>()

/**
 * Declares a value that must never be shown: tokens, passwords, values of credential headers. From then on
 * `redact` replaces it. Values shorter than 4 characters are ignored: they would hide ordinary text.
 */
export function keepSecret(value: string): void {
  if (value.length >= 4) secrets.add(value)
}

/** Replaces every declared secret, and the user:password part of any URL, by `***`. */
export function redact(text: string): string {
  let clean = text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@')
  for (const secret of secrets) clean = clean.replaceAll(secret, '***')
  return clean
}
