import { ComfyRunError } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'
import { inputValue } from '../workflow/links.ts'
import { patchWorkflow, type Patch } from '../workflow/patch.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'
import type { LayerSetting } from './assign.ts'
import type { JobDraft, SeedInput } from './job-draft.ts'
import { JobKey } from './job-key.ts'
import { listedSeed, type SeedCounters, type SeedDraw } from './seeds.ts'

/** One copy of a draft with one of its seeds. */
export class SeededJob {
  readonly key: JobKey
  /** Its first seed; undefined if the graph takes none. */
  readonly seed: JsonValue | undefined
  readonly #base: Workflow
  readonly #draft: JobDraft
  readonly #seeds: readonly Patch[]
  #workflow: Workflow | undefined

  /** `seeds` are the values of all inputs that take one. */
  constructor(key: JobKey, base: Workflow, draft: JobDraft, seeds: readonly Patch[]) {
    this.key = key
    this.seed = seeds[0]?.value
    this.#base = base
    this.#draft = draft
    this.#seeds = seeds
  }

  /** Everything that is set in the workflow, but for the names of uploaded files. */
  get patches(): readonly Patch[] {
    return this.#draft.patches.concat(this.#seeds)
  }

  /** What an input of its graph holds, without the graph. */
  inputValue(ref: InputRef): JsonValue | undefined {
    const isOf = ({ target }: Patch): boolean => target.input === ref.input && target.node === ref.node
    const patch = this.#seeds.find(isOf) ?? this.#draft.patches.find(isOf)
    return patch ? patch.value : inputValue(this.#base, ref)
  }

  /** Its graph, made when it is asked for: a plan that is only checked needs none. */
  get workflow(): Workflow {
    this.#workflow ??= patchWorkflow(this.#base, this.patches).workflow
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
 * Settles the seeds of one job. Drawn seeds play no part in the key, and are drawn by it. Throws ComfyRunError
 * `bad-value` if a given seed, counted on, gets too large.
 */
export function seedJob(
  workflow: Workflow,
  draft: JobDraft,
  variant: Variant,
  { draw, counters }: { readonly draw: SeedDraw; readonly counters: SeedCounters },
): SeededJob {
  const { patches, uploads, seeds } = draft
  const key = new JobKey(workflow)
  for (const { target, value } of patches) key.set(target, value)
  const fixed = fixedSeeds(seeds, variant, counters)
  for (const { target, value } of fixed) key.set(target, value)
  for (const { target, choice } of seeds) if (choice === 'random') key.open(target)
  for (const { hash, targets } of uploads) for (const target of targets) key.set(target, { sha256: hash })
  key.setCopy(variant.copy)
  if (fixed.length === seeds.length) return new SeededJob(key, workflow, draft, fixed)
  const drawn = draw.of(key)
  const settled = seeds.map(
    ({ target }): Patch => fixed.find((patch) => patch.target === target) ?? { target, value: drawn },
  )
  return new SeededJob(key, workflow, draft, settled)
}

const none: readonly Patch[] = []

/** The seeds that are given, in the order of their inputs. */
function fixedSeeds(
  seeds: readonly SeedInput[],
  { copy, seedIndex }: Variant,
  counters: SeedCounters,
): readonly Patch[] {
  if (seeds.every(({ choice }) => choice === 'random')) return none
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
