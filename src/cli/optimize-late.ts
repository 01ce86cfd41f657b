import { setV8Flags } from './v8-flags.ts'

/** In milliseconds: some hundred quick jobs, after which what is hot will pay for being optimized. */
const defaultDelay = 2000

let isDone = false

/**
 * Has Node 20 leave code as it is first compiled for the next two seconds. Else it optimizes most of the program during the
 * first hundred jobs, on another thread, and on a small machine that is the one which the server needs: a tenth of what
 * 300 quick jobs take. Later versions gain little, and Node 24 never optimizes what it was not allowed to then. Call it when
 * a job is on its way: whoever goes through many rows without running them needs optimized code at once.
 *
 * @param delay Milliseconds until V8 may optimize again; default 2000.
 */
export function optimizeLate(delay = defaultDelay): void {
  if (isDone || !process.versions.node.startsWith('20.')) return
  isDone = true
  // Whoever has turned it off does not get it back.
  const given = [...process.execArgv, process.env.NODE_OPTIONS].join(' ').replaceAll('_', '-')
  if (/--(?:jitless|no-?(?:opt|turbofan))\b/.test(given)) return
  setV8Flags('--no-opt')
  setTimeout(() => setV8Flags('--opt'), delay).unref()
}
