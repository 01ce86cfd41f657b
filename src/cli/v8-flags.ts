import { setFlagsFromString } from 'node:v8'

/** The last major version of Node that is known to have our flags: V8 complains on stderr of one that it does not know. */
const lastKnown = 26

/**
 * Sets flags of V8 for what this process does from here on; on the command line they would need a second process. False if
 * this V8 may not know them: then it is left as it is.
 */
export function setV8Flags(...flags: readonly string[]): boolean {
  if (Number.parseInt(process.versions.node, 10) > lastKnown) return false
  for (const flag of flags) setFlagsFromString(flag)
  return true
}
