import { setFlagsFromString } from 'node:v8'

/** The last major version of Node that is known to have our flags: V8 complains on stderr of one that it does not know. */
const lastKnown = 26

const set: string[] = []

/**
 * Sets flags of V8 for what this process does from here on; on the command line they would need a second process. False if
 * this V8 may not know them: then it is left as it is.
 */
export function setV8Flags(...flags: readonly string[]): boolean {
  if (Number.parseInt(process.versions.node, 10) > lastKnown) return false
  for (const flag of flags) setFlagsFromString(flag)
  set.push(...flags)
  return true
}

let withDefaults = 0

/**
 * Does something while the flags that were set are as they were before: `defaults` says how, for each of them. Only for what
 * takes one turn of the event loop. May be called within itself.
 */
export function withDefaultFlags<T>(defaults: ReadonlyMap<string, readonly string[]>, work: () => T): T {
  for (const flag of set) for (const before of defaults.get(flag) ?? []) setFlagsFromString(before)
  withDefaults += 1
  try {
    return work()
  } finally {
    withDefaults -= 1
    if (withDefaults === 0) for (const flag of set) setFlagsFromString(flag)
  }
}
