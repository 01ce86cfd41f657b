import { resolve } from 'node:path'
import { ComfyRunError, type Where } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'
import type { Patch } from '../workflow/patch.ts'
import { isFileRole } from '../workflow/roles.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'
import { attempt, located, type Assignment, type LayerSetting, type Report } from './assign.ts'
import { hashInputFile } from './input-files.ts'
import type { JobUpload } from './job.ts'
import { inputKey, knownInputs, type KnownInputs } from './known-inputs.ts'
import { readSeeds, type SeedChoice } from './seeds.ts'
import { fitValue, readValue } from './values.ts'

/** What the copies of one row have in common: everything but their seeds. */
export interface JobDraft {
  readonly params: Readonly<Record<string, JsonValue>>
  readonly patches: readonly Patch[]
  readonly uploads: readonly JobUpload[]
  /** All inputs that take a seed, each with the choice for it. */
  readonly seeds: readonly SeedInput[]
}

/** An input that takes a seed. */
export interface SeedInput {
  readonly target: InputRef
  readonly choice: SeedChoice
  /** What chose it. */
  readonly setting?: LayerSetting
}

/**
 * Reads the settings that are in force for one row: seeds, files to upload, and values of the inputs' types. Every
 * error is reported; the draft is of use only if there was none. `notes` are told with the parameters.
 */
export async function draftJob(
  workflow: Workflow,
  assignments: readonly Assignment[],
  report: Report,
  notes: Readonly<Record<string, JsonValue>> = {},
): Promise<JobDraft> {
  const known = knownInputs(workflow)
  const params: Record<string, JsonValue> = {}
  const patches: Patch[] = []
  const uploads = new Map<string, JobUpload>()
  const seeds = new Map<string, SeedInput>()
  for (const [key, target] of known.seeds) seeds.set(key, { target, choice: 'random' })
  for (const { setting, targets } of assignments) {
    const where = (): Where | undefined => setting.where
    if (targets.every((target) => seeds.has(inputKey(target)))) {
      const choice = attempt(report, () => readSeeds(setting.value), where) ?? 'random'
      for (const target of targets) seeds.set(inputKey(target), { target, choice, setting })
      continue
    }
    try {
      const path = uploadPath(setting, targets, known)
      if (path === undefined) {
        const read = readPatches(workflow, setting, targets, known)
        patches.push(...read)
        params[setting.address] = read[0]?.value ?? setting.value
      } else {
        await addUpload(uploads, resolve(setting.folder, path), targets, known)
        params[setting.address] = path
      }
    } catch (error) {
      report(located(error, where))
    }
  }
  for (const key in notes) params[key] = notes[key] ?? null
  return { params, patches, uploads: [...uploads.values()], seeds: [...seeds.values()] }
}

/** The value that an input holds. */
export function currentValue({ nodes }: Workflow, { node, input }: InputRef): JsonValue | undefined {
  return nodes.get(node)?.inputs[input]
}

/**
 * The local file that a setting names: the value of the roles for files (`image`, `mask`...), with or without `@`, and any
 * other that begins with a single `@`, except in a prompt.
 */
function uploadPath(
  { address, value }: LayerSetting,
  targets: readonly InputRef[],
  { prompts }: KnownInputs,
): string | undefined {
  if (isFileRole(address)) {
    if (typeof value === 'string') return value.startsWith('@') ? value.slice(1) : value
    throw new ComfyRunError('bad-value', `${address} must be the path of a file`)
  }
  if (typeof value !== 'string' || !/^@(?!@)/.test(value)) return undefined
  return targets.some((target) => prompts.has(inputKey(target))) ? undefined : value.slice(1)
}

async function addUpload(
  uploads: Map<string, JobUpload>,
  file: string,
  targets: readonly InputRef[],
  { images }: KnownInputs,
): Promise<void> {
  const asImage = targets.some((target) => images.has(inputKey(target)))
  const hash = await hashInputFile(file, asImage)
  const before = uploads.get(file)?.targets ?? []
  uploads.set(file, { file, hash, targets: [...before, ...targets] })
}

function readPatches(
  workflow: Workflow,
  { value, typed }: LayerSetting,
  targets: readonly InputRef[],
  { prompts }: KnownInputs,
): Patch[] {
  return targets.map((target) => {
    const isEscaped = typeof value === 'string' && value.startsWith('@@') && !prompts.has(inputKey(target))
    const plain = isEscaped ? value.slice(1) : value
    const current = currentValue(workflow, target)
    const isText = !typed && typeof plain === 'string'
    return { target, value: isText ? readValue(plain, current) : fitValue(plain, current) }
  })
}
