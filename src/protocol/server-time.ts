import type { JsonObject } from './json.ts'

/** Seconds that no prompt takes: a clock that was set meanwhile tells nothing. */
const longest = 7 * 24 * 3600

/** When a message was made, by the server's clock, in milliseconds: those of a prompt's start and end say so since July 2024. */
export function timestampOf({ timestamp }: JsonObject): number | undefined {
  return typeof timestamp === 'number' ? timestamp : undefined
}

/** The seconds from one timestamp to another; undefined if one is missing, or no prompt takes so long. */
export function secondsBetween(start: number | undefined, end: number | undefined): number | undefined {
  if (start === undefined || end === undefined) return undefined
  const seconds = (end - start) / 1000
  return seconds >= 0 && seconds < longest ? seconds : undefined
}
