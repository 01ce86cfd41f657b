/**
 * Whether text for a stream is coloured: `NO_COLOR` forbids it, `FORCE_COLOR` demands it (unless it is `0`),
 * otherwise a terminal that can show colours gets them.
 */
export function useColor(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}
