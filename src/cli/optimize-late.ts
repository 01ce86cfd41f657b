import { setV8Flags } from './v8-flags.ts'

/**
 * Makes V8 optimise a function only when it has run for seven times as long as it would have otherwise. A run has hundreds of
 * functions that are busy for a second and never again: compiling them took a seventh of the CPU of 300 quick jobs, beside a
 * server on the same machine. Only for Node 20: later ones have a quick compiler for these. Walking a plan, which does
 * little, but does it a million times, wants the contrary.
 */
export function optimizeLate(): void {
  if (Number.parseInt(process.versions.node, 10) === 20) setV8Flags('--interrupt-budget=500000')
}
