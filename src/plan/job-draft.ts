import { resolve } from 'node:path'
import { ComfyRunError } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'
import { inputValue } from '../workflow/links.ts'
import type { Patch } from '../workflow/patch.ts'
import { isFileRole } from '../workflow/roles.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'
import { located, type Assignment, type LayerSetting, type Report } from './assign.ts'
import { hashInputFile } from './input-files.ts'
import type { JobUpload } from './job.ts'
import { inputKey, knownInputs } from './known-inputs.ts'
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

/** A setting that names a local file, whose path is absolute. */
interface FileSetting {
  readonly setting: LayerSetting
  readonly path: string
  readonly targets: readonly InputRef[]
  readonly asImage: boolean
}

/**
 * Reads the settings that are in force for one row: seeds, files to upload, and values of the inputs' types. Every
 * error is reported; the draft is of use only if there was none. `notes` are told with the parameters. Only files have to
 * be waited for: without any there is no promise, as rows come by the million.
 */
export function draftJob(
  workflow: Workflow,
  assignments: readonly Assignment[],
  report: Report,
  notes: Readonly<Record<string, JsonValue>> = {},
): JobDraft | Promise<JobDraft> {
  const params: Record<string, JsonValue> = {}
  const patches: Patch[] = []
  const files: FileSetting[] = []
  let seeds = drawnSeeds(workflow)
  for (const { setting, targets } of assignments) {
    try {
      const traits = traitsOf(workflow, targets)
      if (traits.areSeeds) {
        seeds = chosenSeeds(seeds, targets, readSeeds(setting.value), setting)
        continue
      }
      const path = uploadPath(setting, traits)
      if (path === undefined) {
        const first = patches.length
        for (let at = 0; at < targets.length; at++) {
          const value = readSetting(setting, traits.current[at], traits)
          patches.push({ target: targets[at] as InputRef, value })
        }
        params[setting.address] = patches[first]?.value ?? setting.value
      } else {
        params[setting.address] = path
        files.push({ setting, path: resolve(setting.folder, path), targets, asImage: traits.areImages })
      }
    } catch (error) {
      report(located(error, () => setting.where))
    }
  }
  for (const key in notes) params[key] = notes[key] ?? null
  const draft = { params, patches, uploads: [], seeds }
  return files.length === 0 ? draft : withUploads(draft, files, report)
}

async function withUploads(
  draft: JobDraft,
  files: readonly FileSetting[],
  report: Report,
): Promise<JobDraft> {
  const uploads = new Map<string, JobUpload>()
  for (const { setting, path, targets, asImage } of files) {
    try {
      const hash = await hashInputFile(path, asImage)
      const before = uploads.get(path)?.targets ?? []
      uploads.set(path, { file: path, hash, targets: [...before, ...targets] })
    } catch (error) {
      report(located(error, () => setting.where))
    }
  }
  return { ...draft, uploads: [...uploads.values()] }
}

/** What decides how the value for some inputs is read. */
interface Traits {
  readonly areSeeds: boolean
  readonly areImages: boolean
  /** Whether one of them holds a prompt, in which an `@` is a letter. */
  readonly isPrompt: boolean
  /** What they hold before the job's settings. */
  readonly current: readonly (JsonValue | undefined)[]
}

/** By the list of inputs: `Addresses` gives the same one for the same address. */
const traits = new WeakMap<Workflow, WeakMap<readonly InputRef[], Traits>>()

function traitsOf(workflow: Workflow, targets: readonly InputRef[]): Traits {
  let ofWorkflow = traits.get(workflow)
  if (!ofWorkflow) traits.set(workflow, (ofWorkflow = new WeakMap()))
  let found = ofWorkflow.get(targets)
  if (!found) ofWorkflow.set(targets, (found = findTraits(workflow, targets)))
  return found
}

function findTraits(workflow: Workflow, targets: readonly InputRef[]): Traits {
  const { seeds, images, prompts } = knownInputs(workflow)
  const keys = targets.map(inputKey)
  return {
    areSeeds: keys.every((key) => seeds.has(key)),
    areImages: keys.some((key) => images.has(key)),
    isPrompt: keys.some((key) => prompts.has(key)),
    current: targets.map((target) => inputValue(workflow, target)),
  }
}

const drawn = new WeakMap<Workflow, readonly SeedInput[]>()

/** The inputs that take a seed, all to be drawn. */
function drawnSeeds(workflow: Workflow): readonly SeedInput[] {
  let seeds = drawn.get(workflow)
  if (!seeds) {
    seeds = Array.from(knownInputs(workflow).seeds.values(), (target) => ({ target, choice: 'random' }))
    drawn.set(workflow, seeds)
  }
  return seeds
}

function chosenSeeds(
  seeds: readonly SeedInput[],
  targets: readonly InputRef[],
  choice: SeedChoice,
  setting: LayerSetting,
): readonly SeedInput[] {
  const isChosen = ({ node, input }: InputRef): boolean =>
    targets.some((target) => target.input === input && target.node === node)
  return seeds.map((seed) => (isChosen(seed.target) ? { target: seed.target, choice, setting } : seed))
}

/**
 * The local file that a setting names: the value of the roles for files (`image`, `mask`...), with or without `@`, and any
 * other that begins with a single `@`, except in a prompt.
 */
function uploadPath({ address, value }: LayerSetting, { isPrompt }: Traits): string | undefined {
  if (isFileRole(address)) {
    if (typeof value === 'string') return value.startsWith('@') ? value.slice(1) : value
    throw new ComfyRunError('bad-value', `${address} must be the path of a file`)
  }
  const isPath = !isPrompt && typeof value === 'string' && value[0] === '@' && value[1] !== '@'
  return isPath ? value.slice(1) : undefined
}

/** The value of a setting as an input takes it, that holds `current` now. */
function readSetting(
  { value, typed }: LayerSetting,
  current: JsonValue | undefined,
  { isPrompt }: Traits,
): JsonValue {
  if (typeof value !== 'string') return fitValue(value, current)
  const plain = !isPrompt && value.startsWith('@@') ? value.slice(1) : value
  return typed ? fitValue(plain, current) : readValue(plain, current)
}
