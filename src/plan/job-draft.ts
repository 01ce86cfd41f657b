import { isAbsolute, resolve } from 'node:path'
import { ComfyRunError, type Where } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'
import { patchWorkflow } from '../workflow/patch.ts'
import { findRoles, type Role } from '../workflow/roles.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'
import {
  assign,
  attempt,
  located,
  type Addresses,
  type Assignment,
  type LayerSetting,
  type Report,
} from './assign.ts'
import { hashInputFile } from './input-files.ts'
import type { JobUpload } from './job.ts'
import { readSeed, type SeedChoice } from './seeds.ts'
import { fitValue, readValue } from './values.ts'

/** What the copies of one row have in common. */
export interface JobDraft {
  readonly params: Readonly<Record<string, JsonValue>>
  /** Everything is set but the seeds. */
  readonly workflow: Workflow
  readonly uploads: readonly JobUpload[]
  /** The inputs that take a seed, each with the choice for it. */
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
 * Applies the settings of one row to a workflow. Every error is reported; the draft is of use only if there was
 * none.
 */
export async function draftJob(
  workflow: Workflow,
  addresses: Addresses,
  layers: readonly (readonly LayerSetting[])[],
  report: Report,
): Promise<JobDraft> {
  const inputs = inputSets(workflow)
  const params: Record<string, JsonValue> = {}
  const values: { target: InputRef; value: JsonValue }[] = []
  const uploads = new Map<string, JobUpload>()
  const seeds = new Map<string, SeedInput>()
  for (const target of findRoles(workflow).get('seed')?.targets ?? []) {
    seeds.set(keyOf(target), { target, choice: 'random' })
  }
  for (const { setting, targets } of assign(addresses, layers, report)) {
    const where = (): Where | undefined => setting.where
    if (targets.every((target) => seeds.has(keyOf(target)))) {
      const choice = attempt(report, () => readSeed(setting.value), where)
      if (choice === undefined) continue
      for (const target of targets) seeds.set(keyOf(target), { target, choice, setting })
      continue
    }
    const path = attempt(report, () => uploadPath(setting, targets, inputs), where)
    if (path !== undefined) {
      params[setting.address] = path
      const asImage = targets.some((target) => inputs.images.has(keyOf(target)))
      await addUpload(uploads, { setting, targets }, path, asImage, report)
      continue
    }
    const read = targets.map((target) =>
      attempt(
        report,
        () => valueFor(setting, currentValue(workflow, target), inputs.texts.has(keyOf(target))),
        where,
      ),
    )
    targets.forEach((target, index) => {
      const value = read[index]
      if (value !== undefined) values.push({ target, value })
    })
    if (read[0] !== undefined) params[setting.address] = read[0]
  }
  const patched = values.length > 0 ? patchWorkflow(workflow, values).workflow : workflow
  return { params, workflow: patched, uploads: [...uploads.values()], seeds: [...seeds.values()] }
}

/** The value that an input holds now. */
export function currentValue({ nodes }: Workflow, { node, input }: InputRef): JsonValue | undefined {
  return nodes.get(node)?.inputs[input]
}

interface InputSets {
  /** Inputs that take the name of an image. */
  readonly images: ReadonlySet<string>
  /** Inputs that hold a prompt: there an `@` at the start is text. */
  readonly texts: ReadonlySet<string>
}

function inputSets(workflow: Workflow): InputSets {
  const roles = findRoles(workflow)
  const keys = (...names: Role[]): Set<string> =>
    new Set(names.flatMap((name) => roles.get(name)?.targets ?? []).map(keyOf))
  return { images: keys('image', 'mask'), texts: keys('prompt', 'negative') }
}

/**
 * The local file that a setting names: the value of the roles `image` and `mask`, with or without `@`, and any
 * other that begins with a single `@`, except in a prompt.
 */
function uploadPath(
  { address, value }: LayerSetting,
  targets: readonly InputRef[],
  inputs: InputSets,
): string | undefined {
  if (address === 'image' || address === 'mask') {
    if (typeof value !== 'string')
      throw new ComfyRunError('bad-value', `${address} must be the path of a file`)
    return value.startsWith('@') ? value.slice(1) : value
  }
  if (typeof value !== 'string' || !/^@(?!@)/.test(value)) return undefined
  return targets.some((target) => inputs.texts.has(keyOf(target))) ? undefined : value.slice(1)
}

async function addUpload(
  uploads: Map<string, JobUpload>,
  { setting, targets }: Assignment,
  path: string,
  asImage: boolean,
  report: Report,
): Promise<void> {
  const file = isAbsolute(path) ? path : resolve(setting.folder, path)
  try {
    const hash = await hashInputFile(file, asImage)
    const before = uploads.get(file)?.targets ?? []
    uploads.set(file, { file, hash, targets: [...before, ...targets] })
  } catch (error) {
    report(located(error, () => setting.where))
  }
}

function valueFor(
  { value, typed }: LayerSetting,
  current: JsonValue | undefined,
  isPrompt: boolean,
): JsonValue {
  const plain = typeof value === 'string' && value.startsWith('@@') && !isPrompt ? value.slice(1) : value
  return typed || typeof plain !== 'string' ? fitValue(plain, current) : readValue(plain, current)
}

function keyOf({ node, input }: InputRef): string {
  return JSON.stringify([node, input])
}
