import { ComfyRunError } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'
import { patchWorkflow, type Patch } from '../workflow/patch.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { LayerSetting } from './assign.ts'
import type { JobDraft, SeedInput } from './job-draft.ts'
import { jobKey } from './job-key.ts'
import { drawSeed, listedSeed, type SeedCounters } from './seeds.ts'

/** One copy of a draft with one of its seeds. */
export class SeededJob {
  readonly key: string
  /** Its first seed; undefined if the graph takes none. */
  readonly seed: JsonValue | undefined
  readonly #base: Workflow
  readonly #patches: readonly Patch[]
  #workflow: Workflow | undefined

  constructor(key: string, seed: JsonValue | undefined, base: Workflow, patches: readonly Patch[]) {
    this.key = key
    this.seed = seed
    this.#base = base
    this.#patches = patches
  }

  /** Its graph, made when it is asked for: a plan that is only checked needs none. */
  get workflow(): Workflow {
    this.#workflow ??= patchWorkflow(this.#base, this.#patches).workflow
    return this.#workflow
  }
}

/** Which of a row's jobs is meant. */
export interface Variant {
  /** From 1. */
  readonly copy: number
  /** Which of the listed seeds, from 0. */
  readonly seedIndex: number
}

/**
 * How many jobs each copy of a draft is: one for each listed seed. Throws ComfyRunError `bad-value` if several inputs
 * have lists of their own that differ in length.
 */
export function seedsPerCopy({ seeds }: JobDraft): number {
  let most = 1
  for (const { choice, setting } of seeds) {
    if (choice === 'random' || choice.kind !== 'list' || choice.size === 1 || choice.size === most) continue
    if (most > 1) {
      const where = setting?.where
      throw new ComfyRunError('bad-value', `one seed has a list of ${most}, another one of ${choice.size}`, {
        hint: 'lists for several seeds of one graph must be of the same length',
        ...(where && { where }),
      })
    }
    most = choice.size
  }
  return most
}

/**
 * Settles the seeds of one job. Drawn seeds play no part in the key, and are drawn by it and `salt`. Throws
 * ComfyRunError `bad-value` if a given seed, counted on, gets too large.
 */
export function seedJob(
  workflow: Workflow,
  draft: JobDraft,
  variant: Variant,
  { salt, counters }: { readonly salt: string; readonly counters: SeedCounters },
): SeededJob {
  const { patches, uploads, seeds } = draft
  const fixed = fixedSeeds(seeds, variant, counters)
  const settled = fixed.length > 0 ? [...patches, ...fixed] : [...patches]
  const forKey = [...settled]
  for (const { target, choice } of seeds) if (choice === 'random') forKey.push({ target, value: null })
  for (const { hash, targets } of uploads) {
    for (const target of targets) forKey.push({ target, value: { sha256: hash } })
  }
  const key = jobKey(workflow, forKey, variant.copy)
  let first = fixed.find(({ target }) => target === seeds[0]?.target)?.value
  if (fixed.length < seeds.length) {
    const drawn = drawSeed(salt, key)
    for (const { target, choice } of seeds) if (choice === 'random') settled.push({ target, value: drawn })
    first ??= drawn
  }
  return new SeededJob(key, first, workflow, settled)
}

function fixedSeeds(
  seeds: readonly SeedInput[],
  { copy, seedIndex }: Variant,
  counters: SeedCounters,
): Patch[] {
  // Inputs that one setting counts up for get the same seed.
  const counted = new Map<LayerSetting | undefined, JsonValue>()
  const patches: Patch[] = []
  for (const { target, choice, setting } of seeds) {
    if (choice === 'random') continue
    if (choice.kind === 'list') {
      // A listed seed can only be at fault beyond the first copy: no need to look up the place for that.
      const where = copy > 1 ? setting?.where : undefined
      const index = choice.size === 1 ? 0 : seedIndex
      patches.push({ target, value: listedSeed(choice, index, copy, where) })
      continue
    }
    const value = counted.get(setting) ?? counters.take(choice)
    counted.set(setting, value)
    patches.push({ target, value })
  }
  return patches
}
