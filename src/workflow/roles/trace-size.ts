import { isLink } from '../../protocol/graph.ts'
import type { InputRef, NodeId } from '../workflow.ts'
import { computed, together, type Found } from './found.ts'
import type { RoleGraph, Source } from './role-graph.ts'
import { numberSource, traceNumber } from './trace-number.ts'
import { walkBack } from './walk-back.ts'

export type Axis = 'width' | 'height'

/** How nodes name the size that they make something in. */
const sizeInputs = (axis: Axis): string[] => [
  axis,
  `target_${axis}`,
  `resize_type.${axis}`,
  `output_${axis}`,
  `empty_latent_${axis}`,
]

/** What makes an image as large as it likes, of whatever it is given. */
const fits =
  /^(?:megapixels|largest_size|longer_edge|shorter_edge|longest_side|shortest_side|resize_type\.(?!width|height|crop|multiplier).*)$/
const loaders = /^Load|Load(?:er)?(?:Image|Video|Audio)?$/i

/** The link that leads on to the latent that a node works on, the first of these that it has. */
const latents = [
  'latent_image',
  'latent',
  'samples',
  'samples_to',
  'samples1',
  'latents',
  'video_latent',
  'av_latent',
  'destination',
]
/** The same, for the image. */
const pictures = [
  'pixels',
  'image',
  'images',
  'input',
  'start_image',
  'image1',
  'images.image0',
  'video',
  'source_video',
  'mask',
]

/**
 * Finds what sets one side of the latent or image that an input gets: the empty latent, or the last scaling to a width
 * and height, through primitives, arithmetic and sizes measured at other images. A size that an image brings is
 * computed. A scaling of what another of `samplers` made is a later stage, and the size of the first counts.
 */
export function traceSize(
  graph: RoleGraph,
  from: InputRef,
  axis: Axis,
  samplers: ReadonlySet<NodeId>,
): Found {
  const found: Found[] = []
  const seen = new Set<string>()
  const waiting: { readonly ref: InputRef; readonly axis: Axis }[] = [{ ref: from, axis }]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { ref, axis: side } = at
    const source = graph.source(ref)
    if (!source) continue
    const { node, inputs, classType } = source
    const key = JSON.stringify([node, source.slot, side])
    if (seen.has(key)) continue
    seen.add(key)
    const next = workedOn(graph, source)
    const input =
      classType === 'Painter' ? undefined : sizeInputs(side).find((name) => Object.hasOwn(inputs, name))
    const isLater =
      isScaling(source) && next.some((name) => isSampled(graph, { node, input: name }, samplers))
    if (input !== undefined && !isLater) {
      const number = numberSource(graph, { node, input })
      if ('by' in number && number.slot < 2) {
        waiting.push({ ref: number.of, axis: number.slot === 0 ? 'width' : 'height' })
      } else found.push('by' in number ? computed(number.by) : number)
    } else if (loaders.test(classType))
      found.push({ ...computed(node), reason: `it is the size of what node ${node} (${classType}) loads` })
    else if (Object.keys(inputs).some((name) => fits.test(name))) found.push(computed(node))
    else waiting.push(...next.map((name) => ({ ref: { node, input: name }, axis: side })))
  }
  return together(found)
}

/** How many images one job makes: the `batch_size` of the latent that a sampler starts from. */
export function traceBatch(graph: RoleGraph, latent: InputRef): Found {
  const found: Found[] = []
  walkLatent(graph, latent, ({ node, inputs }) => {
    if (!Object.hasOwn(inputs, 'batch_size')) return false
    found.push(traceNumber(graph, { node, input: 'batch_size' }))
    return true
  })
  return together(found)
}

const frameInputs = ['length', 'num_frames', 'frames', 'video_frames', 'frame_count']

/** How many frames a video has: those of the latent that a sampler starts from, or of the images it is as long as. */
export function traceFrames(graph: RoleGraph, latent: InputRef): Found {
  const found: Found[] = []
  walkLatent(graph, latent, ({ node, inputs }) => {
    const input = frameInputs.find((name) => Object.hasOwn(inputs, name))
    if (input === undefined) return false
    const number = numberSource(graph, { node, input })
    if (!('by' in number)) found.push(isSeconds(graph, number) ? computed(node) : number)
    else found.push(number.slot === 2 ? framesOf(graph, number.of) : computed(number.by))
    return true
  })
  return together(found)
}

/** A number of seconds, which something makes frames of, is no number of frames. */
function isSeconds(graph: RoleGraph, { inputs }: Found): boolean {
  return inputs.some(({ node }) => /duration|second/i.test(graph.workflow.nodes.get(node)?.title ?? ''))
}

/** How many images there are, where a node takes so many of a video, or repeats one. */
function framesOf(graph: RoleGraph, images: InputRef): Found {
  const found: Found[] = []
  walkBack(graph, [images], (source) => {
    const { node, inputs, classType } = source
    const input = /batch/i.test(classType)
      ? ['length', 'amount'].find((name) => Object.hasOwn(inputs, name))
      : undefined
    if (input === undefined) return workedOn(graph, source)
    found.push(traceNumber(graph, { node, input }))
    return []
  })
  return together(found)
}

/** Walks from a latent to the one that it is made of, until `isEnd`. */
function walkLatent(graph: RoleGraph, latent: InputRef, isEnd: (source: Source) => boolean): void {
  walkBack(graph, [latent], (source) => (isEnd(source) ? [] : workedOn(graph, source, latents)))
}

/** The samplers that made the latent which an input gets, directly or one after the other. */
export function samplersBefore(
  graph: RoleGraph,
  latent: InputRef,
  samplers: ReadonlySet<NodeId>,
): ReadonlySet<NodeId> {
  const before = new Set<NodeId>()
  walkLatent(graph, latent, ({ node }) => {
    if (samplers.has(node)) before.add(node)
    return false
  })
  return before
}

/** The inputs that lead on to what a node works on: both sides of a switch in no fixed position, else one. */
function workedOn(graph: RoleGraph, { node }: Source, names = [...latents, ...pictures]): string[] {
  const links = graph.links(node)
  const sides = links.filter((input) => /^on_(?:true|false)$/.test(input))
  if (sides.length > 0) return sides
  const first = names.find((name) => links.includes(name))
  return first === undefined ? [] : [first]
}

/** Whether a node with a size only scales what it gets; one for a new latent (image to video) has a size of its own. */
function isScaling({ inputs }: Source): boolean {
  return !['positive', 'batch_size', ...frameInputs].some((input) => Object.hasOwn(inputs, input))
}

/** Whether what a node works on was made by a sampler. */
function isSampled(graph: RoleGraph, ref: InputRef, samplers: ReadonlySet<NodeId>): boolean {
  let isMade = false
  walkBack(graph, [ref], (source) => {
    if (samplers.has(source.node)) isMade = true
    return isMade ? [] : workedOn(graph, source)
  })
  return isMade
}

/** Whether an input of a node holds a size that should follow that of the latent: of a schedule, or a model's shift. */
export function sizeBeside(graph: RoleGraph, node: NodeId, axis: Axis): InputRef | undefined {
  const inputs = graph.inputsOf(node)
  const isSized = Object.hasOwn(inputs, 'width') && Object.hasOwn(inputs, 'height')
  return isSized && !isLink(inputs[axis]) ? { node, input: axis } : undefined
}
