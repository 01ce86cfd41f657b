import { isLink } from '../protocol/graph.ts'
import { stringifyJson, type JsonValue } from '../protocol/json.ts'
import { literalSource } from './literal-source.ts'
import { outputNodes, reachableNodes } from './outputs.ts'
import { addsNoise, findSamplers, firstSamplers, latentInputs, settingNodes } from './samplers.ts'
import { traceLatent, type LatentSources } from './trace-latent.ts'
import { traceModel } from './trace-model.ts'
import { traceText, unique } from './trace-text.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** What people mean when they say "the steps" or "the prompt" of a workflow. */
export const roleNames = [
  'prompt',
  'negative',
  'seed',
  'steps',
  'cfg',
  'sampler',
  'scheduler',
  'denoise',
  'width',
  'height',
  'batch',
  'image',
  'mask',
  'model',
  'prefix',
] as const

export type Role = (typeof roleNames)[number]

/** The inputs that play a role in a workflow. */
export interface RoleFinding {
  readonly role: Role
  /** Every input that a flag for the role changes; empty if nothing plays it. */
  readonly targets: readonly InputRef[]
  /** The value that they hold now. */
  readonly value?: JsonValue
  /** Why the role can't be used: nothing plays it, or it is ambiguous. */
  readonly problem?: string
}

const memory = new WeakMap<Workflow, ReadonlyMap<Role, RoleFinding>>()

/**
 * Finds the inputs that play each role, by following links from the outputs back to the samplers and on to the
 * texts, the latent and the model; not by a list of classes alone. Every role has a finding.
 */
export function findRoles(workflow: Workflow): ReadonlyMap<Role, RoleFinding> {
  const known = memory.get(workflow)
  if (known) return known
  const targets = targetsOf(workflow)
  const findings = new Map(roleNames.map((role) => [role, finding(workflow, role, targets[role])]))
  memory.set(workflow, findings)
  return findings
}

type Targets = Record<Role, InputRef[]>

function targetsOf(workflow: Workflow): Targets {
  const samplers = findSamplers(workflow)
  const first = firstSamplers(workflow, samplers)
  const setting = (...names: readonly string[]): InputRef[] =>
    unique(samplers.flatMap((sampler) => settingOf(workflow, sampler, names) ?? []))
  const starts = first.map((sampler) => startOf(workflow, sampler))
  const start = (key: keyof LatentSources): InputRef[] => unique(starts.flatMap((found) => found[key]))
  return {
    prompt: unique(samplers.flatMap((sampler) => textsOf(workflow, sampler, 'positive'))),
    negative: unique(samplers.flatMap((sampler) => textsOf(workflow, sampler, 'negative'))),
    seed: unique(samplers.flatMap((sampler) => seedOf(workflow, sampler) ?? [])),
    steps: setting('steps'),
    cfg: setting('cfg'),
    sampler: setting('sampler_name'),
    scheduler: setting('scheduler'),
    denoise: setting('denoise'),
    width: start('width'),
    height: start('height'),
    batch: start('batch'),
    image: imagesOf(workflow, start('image'), start('mask')),
    mask: start('mask'),
    model: unique(first.flatMap((sampler) => traceModel(workflow, sampler) ?? [])),
    prefix: prefixes(workflow),
  }
}

/** The sampler's own input of one of these names, or that of the node that holds its settings. */
function settingOf(workflow: Workflow, sampler: NodeId, names: readonly string[]): InputRef | undefined {
  for (const node of settingNodes(workflow, sampler)) {
    const inputs = workflow.nodes.get(node)?.inputs ?? {}
    const input = names.find((name) => name in inputs)
    if (input !== undefined) return literalSource(workflow, { node, input })
  }
  return undefined
}

function seedOf(workflow: Workflow, sampler: NodeId): InputRef | undefined {
  const node = workflow.nodes.get(sampler)
  return node && addsNoise(node) ? settingOf(workflow, sampler, ['seed', 'noise_seed']) : undefined
}

/** Texts that reach the sampler's own conditioning inputs, or those of its guider. */
function textsOf(workflow: Workflow, sampler: NodeId, side: 'positive' | 'negative'): InputRef[] {
  const inputs = side === 'positive' ? ['positive', 'conditioning', 'cond1'] : ['negative']
  const holders = [sampler, ...settingNodes(workflow, sampler).slice(1)]
  return holders.flatMap((node) => inputs.flatMap((input) => traceText(workflow, { node, input })))
}

function startOf(workflow: Workflow, sampler: NodeId): LatentSources {
  const inputs = workflow.nodes.get(sampler)?.inputs ?? {}
  const input = latentInputs.find((name) => isLink(inputs[name])) ?? 'latent_image'
  return traceLatent(workflow, { node: sampler, input })
}

/** The image that is sampled from; where none is, the only image that the workflow loads. */
function imagesOf(workflow: Workflow, sampled: InputRef[], masks: readonly InputRef[]): InputRef[] {
  if (sampled.length > 0) return sampled
  const maskNodes = new Set(masks.map(({ node }) => node))
  const loaded = [...reachableNodes(workflow, outputNodes(workflow))].filter((id) => {
    const node = workflow.nodes.get(id)
    return (
      node?.classType.startsWith('LoadImage') && typeof node.inputs.image === 'string' && !maskNodes.has(id)
    )
  })
  return loaded.map((node) => ({ node, input: 'image' }))
}

function prefixes(workflow: Workflow): InputRef[] {
  return Array.from(workflow.nodes).flatMap(([node, { inputs }]) => {
    const source =
      'filename_prefix' in inputs ? literalSource(workflow, { node, input: 'filename_prefix' }) : undefined
    return source ? [source] : []
  })
}

/** Roles whose inputs may differ and still be set alike: every part of a prompt's noise gets the one seed. */
const mayDiffer = new Set<Role>(['seed', 'prefix'])

function finding(workflow: Workflow, role: Role, targets: InputRef[]): RoleFinding {
  const values = targets.map(({ node, input }) => workflow.nodes.get(node)?.inputs[input] ?? null)
  const [value] = values
  if (value === undefined) return { role, targets, problem: absences[role] }
  const texts = new Set(values.map((each) => stringifyJson(each)))
  if (texts.size > 1 && !mayDiffer.has(role)) {
    const addresses = targets.map(({ node, input }) => `${node}.${input}`).join(', ')
    return {
      role,
      targets,
      value,
      problem: `several inputs could be meant, with different values: ${addresses}`,
    }
  }
  return { role, targets, value }
}

const noSetting = 'no sampler of the workflow has such an input'
const absences: Readonly<Record<Role, string>> = {
  prompt: 'no text reaches a sampler',
  negative: 'no text reaches the negative side of a sampler',
  seed: noSetting,
  steps: noSetting,
  cfg: noSetting,
  sampler: noSetting,
  scheduler: noSetting,
  denoise: noSetting,
  width: 'the sampler does not start from an empty latent',
  height: 'the sampler does not start from an empty latent',
  batch: 'the sampler does not start from an empty latent',
  image: 'the workflow loads no image',
  mask: 'the sampler gets no mask from a file of its own',
  model: 'the model of the sampler does not come from a loader',
  prefix: 'no node has a filename_prefix',
}
