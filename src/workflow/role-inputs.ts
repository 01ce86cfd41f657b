import { isLink } from '../protocol/graph.ts'
import { together, without, type Found } from './found.ts'
import { hasInput } from './links.ts'
import { literalSource, type LiteralKind } from './literal-source.ts'
import { outputNodes, reachableNodes } from './outputs.ts'
import type { Role } from './role-names.ts'
import { addsNoise, findSamplers, firstSamplers, latentInput, settingNodes } from './samplers.ts'
import { fileOf, traceLatent } from './trace-latent.ts'
import { traceModel } from './trace-model.ts'
import { traceText } from './trace-text.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** Finds, for every role, the inputs that a flag for it has to change. */
export function roleInputs(workflow: Workflow): Readonly<Record<Role, Found>> {
  const samplers = findSamplers(workflow)
  const holders = samplers.map((sampler) => [sampler, ...settingNodes(workflow, sampler)])
  const setting = (kind: LiteralKind, ...names: readonly string[]): Found =>
    together(holders.map((nodes) => settingOf(workflow, nodes, kind, names)))
  const noisy = holders.filter(([sampler = '']) => {
    const node = workflow.nodes.get(sampler)
    return node && addsNoise(node)
  })
  const first = firstSamplers(workflow, samplers)
  const starts = first.map((sampler) => traceLatent(workflow, latentInput(workflow, sampler)))
  const prompt = traceText(workflow, conditionings(workflow, holders.flat(), positiveInputs))
  const negative = traceText(workflow, conditionings(workflow, holders.flat(), negativeInputs))
  const mask = together(starts.map((start) => start.mask))
  return {
    prompt,
    negative: ownNegative(negative, prompt),
    seed: together(noisy.map((nodes) => settingOf(workflow, nodes, 'number', ['seed', 'noise_seed']))),
    steps: setting('number', 'steps'),
    cfg: setting('number', 'cfg', 'cfg_conds'),
    sampler: setting('text', 'sampler_name'),
    scheduler: setting('text', 'scheduler'),
    denoise: setting('number', 'denoise'),
    width: together(starts.map((start) => start.width)),
    height: together(starts.map((start) => start.height)),
    batch: together(starts.map((start) => start.batch)),
    image: images(workflow, together(starts.map((start) => start.image)), mask),
    mask,
    model: together(first.map((sampler) => traceModel(workflow, sampler))),
    prefix: prefixes(workflow),
  }
}

/** Guiders have names of their own for the positive side; a second condition is none of the prompt. */
const positiveInputs = ['positive', 'conditioning', 'cond1']
const negativeInputs = ['negative']

/** A text that reaches both sides is the prompt: setting it as the negative would overwrite that. */
function ownNegative(negative: Found, prompt: Found): Found {
  const own = without(negative, prompt.inputs)
  const isShared = own.inputs.length === 0 && negative.inputs.length > 0
  return isShared ? { ...own, reason: 'the positive text also reaches the negative side' } : own
}

function conditionings(workflow: Workflow, nodes: readonly NodeId[], names: readonly string[]): InputRef[] {
  return nodes.flatMap((node) => {
    const inputs = workflow.nodes.get(node)?.inputs ?? {}
    return names.filter((input) => isLink(inputs[input])).map((input) => ({ node, input }))
  })
}

/** The sampler's own input of one of these names, or those of the nodes that hold its settings. */
function settingOf(
  workflow: Workflow,
  [sampler, ...others]: readonly NodeId[],
  kind: LiteralKind,
  names: readonly string[],
): Found {
  const found = (nodes: readonly NodeId[]): InputRef[] =>
    nodes.flatMap((id) => {
      const node = workflow.nodes.get(id)
      const input = node && names.find((name) => hasInput(node, name))
      return input === undefined ? [] : [{ node: id, input }]
    })
  const own = found(sampler === undefined ? [] : [sampler])
  const refs = own.length > 0 ? own : found(others)
  return together(refs.map((ref) => literalSource(workflow, ref, kind)))
}

/** The images that are sampled from; where none is, those that the workflow loads. */
function images(workflow: Workflow, sampled: Found, mask: Found): Found {
  if (sampled.inputs.length > 0) return sampled
  const loaded = [...reachableNodes(workflow, outputNodes(workflow))].filter((id) => {
    const { classType = '' } = workflow.nodes.get(id) ?? {}
    return classType.startsWith('LoadImage') && classType !== 'LoadImageMask'
  })
  return without(together(loaded.map((node) => fileOf(workflow, node))), mask.inputs)
}

function prefixes(workflow: Workflow): Found {
  const savers = Array.from(workflow.nodes).filter(([, node]) => hasInput(node, 'filename_prefix'))
  return together(savers.map(([node]) => literalSource(workflow, { node, input: 'filename_prefix' }, 'text')))
}
