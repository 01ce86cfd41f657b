import { setTimeout as delay } from 'node:timers/promises'
import type { Victim } from './fault.ts'

/** Waits so many milliseconds, but no longer than the server lives. */
export async function pause(milliseconds: number, { life }: Victim): Promise<void> {
  const ended = new AbortController()
  const waited = delay(milliseconds, undefined, { signal: ended.signal }).catch(() => {})
  await Promise.race([waited, life.killed])
  ended.abort()
}
