import { together, without, type Found } from './found.ts'
import { literalSource } from './literal-source.ts'
import { linksNamed, walkBack } from './walk-back.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** What a sampler starts from. */
export interface LatentSources {
  readonly width: Found
  readonly height: Found
  readonly batch: Found
  /** File inputs of the images that are encoded. */
  readonly image: Found
  /** File inputs of masks that are no part of such an image. */
  readonly mask: Found
}

/** Inputs that lead on to the latent, or to the image, that a latent node works on. */
const onward =
  /^(?:samples?\d?|latents?|latent_image|pixels|images?\d?|image_?\d?|video|video_latent|input|destination|source|on_true|on_false)$/

/** Follows a sampler's latent back to the empty latent or the loaded image that it starts from. */
export function traceLatent(workflow: Workflow, latent: InputRef): LatentSources {
  const starts: NodeId[] = []
  const masks: InputRef[] = []
  walkBack(workflow, [latent], ({ node, inputs }) => {
    masks.push(...linksNamed(inputs, /^(?:noise_)?mask$/).map((input) => ({ node, input })))
    const isFile = fileOf(workflow, node).inputs.length > 0
    const next = isFile ? [] : linksNamed(inputs, onward)
    if (next.length === 0) starts.push(node)
    return next
  })
  const image = together(starts.map((node) => fileOf(workflow, node)))
  const empty = starts.filter((node) => fileOf(workflow, node).inputs.length === 0)
  const size = (input: string): Found =>
    together(empty.map((node) => literalSource(workflow, { node, input }, 'number')))
  return {
    width: size('width'),
    height: size('height'),
    batch: size('batch_size'),
    image,
    // A mask from the image's own file (its alpha channel) is not a file of its own.
    mask: without(traceFile(workflow, masks), image.inputs),
  }
}

/** The file inputs that image or mask inputs come from. */
export function traceFile(workflow: Workflow, refs: readonly InputRef[]): Found {
  const files: Found[] = []
  walkBack(workflow, refs, ({ node, inputs }) => {
    const file = fileOf(workflow, node)
    files.push(file)
    return file.inputs.length > 0 ? [] : Object.keys(inputs)
  })
  return together(files)
}

/** The input in which a node that loads an image has the file's name. */
export function fileOf(workflow: Workflow, node: NodeId): Found {
  const { inputs, telling } = literalSource(workflow, { node, input: 'image' }, 'text')
  // An `image` that comes from other nodes is a picture, and not a name that is computed.
  return { inputs, telling, computedBy: [] }
}
