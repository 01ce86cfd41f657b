import { hasInput, inputValue } from '../links.ts'
import type { InputRef, NodeId } from '../workflow.ts'
import { nothing, together, without, type Found } from './found.ts'
import type { RoleGraph } from './role-graph.ts'
import type { Role } from './role-names.ts'
import { addsNoise, findSamplers, latentInput, type Sampler } from './samplers.ts'
import { encoderTexts, traceConditioning, type Conditioning, type Encoder } from './trace-conditioning.ts'
import { traceModel, type Models } from './trace-model.ts'
import { traceNumber } from './trace-number.ts'
import { samplersBefore, sizeBeside, traceBatch, traceFrames, traceSize, type Axis } from './trace-size.ts'
import { traceString } from './trace-string.ts'

/** The roles of one node that makes something. */
export interface MakerRoles {
  readonly maker: NodeId
  /** Samplers whose latent it goes on with. */
  readonly continues: ReadonlySet<NodeId>
  /** Its model, if that is the model of the workflow. */
  readonly models?: Models
  readonly roles: ReadonlyMap<Role, Found>
}

interface Sides {
  readonly sampler: Sampler
  readonly positive: Conditioning
  readonly negative: Conditioning
}

/** Guiders have names of their own for the positive side; a second condition is none of the prompt. */
const positivePort = /^(?:positive(?!_NEW)|conditioning$|cond1$|text_embeds$)/
const negativePort = /^negative/

/** The roles of every sampler that works for itself: not of one that prepares an image for another. */
export function samplerRoles(graph: RoleGraph): MakerRoles[] {
  const all = findSamplers(graph).map((sampler) => ({
    sampler,
    positive: traceConditioning(graph, ports(graph, sampler, positivePort)),
    negative: traceConditioning(graph, ports(graph, sampler, negativePort)),
  }))
  // One that has neither a text nor noise (a depth model) makes nothing new.
  const main = all.filter((each) => each.positive.encoders.length > 0 || addsNoise(graph, each.sampler))
  const makers = main.length > 0 ? main : all
  const samplers = new Set(makers.map(({ sampler }) => sampler.node))
  return makers.map((each) => rolesOf(graph, each, makers, samplers))
}

function ports(graph: RoleGraph, { node, parts }: Sampler, name: RegExp): InputRef[] {
  const of = (id: NodeId): InputRef[] =>
    graph
      .links(id)
      .filter((input) => name.test(input))
      .map((input) => ({ node: id, input }))
  const own = of(node)
  return own.length > 0 ? own : parts.flatMap(of)
}

function rolesOf(
  graph: RoleGraph,
  sides: Sides,
  makers: readonly Sides[],
  samplers: ReadonlySet<NodeId>,
): MakerRoles {
  const { sampler, positive } = sides
  const latent = latentInput(graph, sampler.node)
  const setting = (...names: readonly string[]): InputRef[] => settingsOf(graph, sampler, names)
  const numbers = (refs: readonly InputRef[]): Found => together(refs.map((ref) => traceNumber(graph, ref)))
  const texts = (refs: readonly InputRef[]): Found => together(refs.map((ref) => traceString(graph, ref)))
  const model = traceModel(graph, modelHolder(graph, sampler))
  const prompt = textOf(graph, positive.encoders)
  const besides = [...sampler.sigmas, ...model.path]
  const own = setting('cfg', 'cfg_conds', 'video_cfg')
  const isOwn = !isRefiner(graph, sides, makers, samplers)
  const roles: [Role, Found][] = [
    ['prompt', prompt],
    ['negative', ownNegative(negativeOf(graph, sides), prompt)],
    [
      'seed',
      addsNoise(graph, sampler)
        ? numbers(seeds(graph, sides))
        : leftOut(setting('seed', 'noise_seed'), 'its sampler adds no noise'),
    ],
    ['steps', numbers(setting('steps'))],
    // Where a model has no CFG, the guidance that is built into it is what a person sets instead.
    ['cfg', numbers(own.length > 0 ? [...own, ...setting('audio_cfg')] : positive.guidance)],
    ['sampler', texts(setting('sampler_name'))],
    ['scheduler', texts(setting('scheduler'))],
    ['denoise', numbers(setting('denoise'))],
    ['width', sizeOf(graph, latent, 'width', besides, samplers)],
    ['height', sizeOf(graph, latent, 'height', besides, samplers)],
    ['batch', traceBatch(graph, latent)],
    ['frames', traceFrames(graph, latent)],
    ['model', isOwn ? model.files : leftOut(model.files.inputs, 'a refiner has a model of its own')],
  ]
  const continues = samplersBefore(graph, latent, samplers)
  return { maker: sampler.node, continues, ...(isOwn && { models: model }), roles: new Map(roles) }
}

function leftOut(refs: readonly InputRef[], why: string): Found {
  return { ...nothing, notes: refs.map(({ node, input }) => `${node}.${input} is left out: ${why}`) }
}

/** A guider brings the model of a custom sampler. */
function modelHolder(graph: RoleGraph, { node, parts }: Sampler): NodeId {
  if (graph.links(node).includes('model')) return node
  return parts.find((part) => graph.links(part).includes('model') && !hasSteps(graph, part)) ?? node
}

function hasSteps(graph: RoleGraph, node: NodeId): boolean {
  return 'steps' in graph.inputsOf(node)
}

/** The sampler's own inputs of these names, or those of the nodes that hold its settings. */
function settingsOf(graph: RoleGraph, { node, parts }: Sampler, names: readonly string[]): InputRef[] {
  const of = (id: NodeId): InputRef[] => {
    const found = graph.workflow.nodes.get(id)
    const input = found && names.find((name) => hasInput(found, name))
    return input === undefined ? [] : [{ node: id, input }]
  }
  const own = of(node)
  return own.length > 0 ? own : parts.flatMap(of)
}

/** The sampler's seed, and that of an encoder that draws something itself (ACE-Step 1.5): one flag is for both. */
function seeds(graph: RoleGraph, { sampler, positive }: Sides): InputRef[] {
  const drawing = positive.encoders.filter(({ node }) => 'seed' in graph.inputsOf(node))
  return [
    ...settingsOf(graph, sampler, ['seed', 'noise_seed']),
    ...drawing.map(({ node }) => ({ node, input: 'seed' })),
  ]
}

/** The texts of encoders. Those of one encoder are set alike, though they may differ: its main one tells. */
function textOf(graph: RoleGraph, encoders: readonly Encoder[]): Found {
  return together(
    encoders.map(({ texts }) => {
      const found = texts.map((ref) => traceString(graph, ref))
      const main = found.find(({ inputs }) => inputs.length > 0) ?? nothing
      return { ...together(found), telling: main.telling }
    }),
  )
}

/** An encoder for both sides, whose one output the sampler takes by its only port, has the negative text too. */
function negativeOf(graph: RoleGraph, { sampler, positive, negative }: Sides): Found {
  if (ports(graph, sampler, negativePort).length > 0) return textOf(graph, negative.encoders)
  const both = positive.encoders.filter(({ node }) => 'negative_prompt' in graph.inputsOf(node))
  return textOf(
    graph,
    both.map(({ node }) => ({ node, texts: encoderTexts(graph, node, 'negative') })),
  )
}

/** A text that reaches both sides is the prompt: setting it as the negative would overwrite that. */
function ownNegative(negative: Found, prompt: Found): Found {
  const own = without(negative, prompt.inputs)
  const isShared = own.inputs.length === 0 && negative.inputs.length > 0
  return isShared ? { ...own, reason: 'the positive text also reaches the negative side' } : own
}

/** The size of the latent, and that of schedules and model nodes that are set to the same. */
function sizeOf(
  graph: RoleGraph,
  latent: InputRef,
  axis: Axis,
  besides: readonly NodeId[],
  samplers: ReadonlySet<NodeId>,
): Found {
  const size = traceSize(graph, latent, axis, samplers)
  const [first] = size.inputs
  if (!first) return size
  const value = inputValue(graph.workflow, first)
  const same = besides
    .flatMap((node) => sizeBeside(graph, node, axis) ?? [])
    .filter((ref) => inputValue(graph.workflow, ref) === value)
  return { ...size, inputs: [...size.inputs, ...same], telling: size.telling }
}

/**
 * A refiner goes on where another sampler ended, with texts encoded for a model of its own: `--model` is for the other.
 * Two models that share their texts (Wan's high and low noise) are parts of one.
 */
function isRefiner(
  graph: RoleGraph,
  { sampler, positive, negative }: Sides,
  makers: readonly Sides[],
  samplers: ReadonlySet<NodeId>,
): boolean {
  const encoders = new Set([...positive.encoders, ...negative.encoders].map(({ node }) => node))
  const before = samplersBefore(graph, latentInput(graph, sampler.node), samplers)
  if (encoders.size === 0) return false
  return makers.some(
    (other) =>
      before.has(other.sampler.node) &&
      other.positive.encoders.length > 0 &&
      ![...other.positive.encoders, ...other.negative.encoders].some(({ node }) => encoders.has(node)),
  )
}
