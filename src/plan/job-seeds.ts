import type { JsonValue } from '../protocol/json.ts'
import { patchWorkflow, type Patch } from '../workflow/patch.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { JobDraft } from './job-draft.ts'
import { jobKey } from './job-key.ts'
import { drawSeed, seedOfCopy } from './seeds.ts'

/** One copy of a draft: its key, its graph, and its first seed (undefined if the graph takes none). */
export interface SeededJob {
  readonly key: string
  readonly workflow: Workflow
  readonly seed: JsonValue | undefined
}

/**
 * Settles the seeds of copy number `copy` (from 1). Drawn seeds play no part in the key, and are drawn by it and
 * `salt`. Throws ComfyRunError `bad-value` if a given seed, counted on, gets too large.
 */
export function seedJob(workflow: Workflow, draft: JobDraft, copy: number, salt: string): SeededJob {
  const { patches, uploads, seeds } = draft
  const fixed: Patch[] = seeds.flatMap(({ target, choice, setting }) =>
    choice === 'random' ? [] : [{ target, value: seedOf(choice, copy, setting) }],
  )
  const drawn = seeds.filter(({ choice }) => choice === 'random')
  const forKey: Patch[] = [
    ...patches,
    ...fixed,
    ...drawn.map(({ target }) => ({ target, value: null })),
    ...uploads.flatMap(({ hash, targets }) => targets.map((target) => ({ target, value: { sha256: hash } }))),
  ]
  const key = jobKey(workflow, forKey, copy)
  const seed = drawSeed(salt, key)
  const settled = [...patches, ...fixed, ...drawn.map(({ target }) => ({ target, value: seed }))]
  const first = seeds[0]?.target
  return {
    key,
    workflow: patchWorkflow(workflow, settled).workflow,
    seed: settled.find(({ target }) => target === first)?.value,
  }
}

function seedOf(choice: bigint, copy: number, setting: JobDraft['seeds'][number]['setting']): JsonValue {
  // A copy's number can only be at fault beyond the first: no need to look up the place for that.
  return seedOfCopy(choice, copy, copy > 1 ? setting?.where : undefined)
}
