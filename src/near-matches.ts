import { distance } from 'fastest-levenshtein'

/** Most suggestions worth reading. */
const mostMatches = 3

/**
 * The entries of `among` that a person may have meant by `wanted`, nearest first, at most three. Case, spaces,
 * `-`, `_`, and the two path separators count as equal (a model's name has `\` on Windows and `/` elsewhere).
 */
export function nearMatches(wanted: string, among: Iterable<string>): string[] {
  const target = simplified(wanted)
  const scored: { readonly name: string; readonly score: number }[] = []
  for (const name of new Set(among)) {
    const score = nearness(target, simplified(name))
    if (score !== undefined) scored.push({ name, score })
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
  // What is clearly further than the best match only distracts from it.
  const limit = (scored[0]?.score ?? 0) + 1
  const near = scored.filter(({ score }) => score <= limit)
  return near.slice(0, mostMatches).map(({ name }) => name)
}

/** A hint such as `did you mean "karras"?`, or undefined if nothing is near. */
export function didYouMean(wanted: string, among: Iterable<string>): string | undefined {
  const quoted = nearMatches(wanted, among).map((name) => `"${name}"`)
  return quoted.length > 0 ? `did you mean ${quoted.join(' or ')}?` : undefined
}

/** Lower is nearer; undefined is too far. A third of the letters may differ, or one may begin with the other. */
function nearness(target: string, candidate: string): number | undefined {
  if (target === candidate) return 0
  const edits = distance(target, candidate)
  const longer = Math.max(target.length, candidate.length)
  if (edits <= Math.ceil(longer / 3)) return edits
  const shorter = Math.min(target.length, candidate.length)
  const isPart = shorter >= 3 && (candidate.startsWith(target) || target.startsWith(candidate))
  return isPart ? edits : undefined
}

function simplified(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('\\', '/')
    .replaceAll(/[\s_-]/g, '')
}
