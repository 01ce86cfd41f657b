import { isLink } from '../protocol/graph.ts'
import { linkedNode } from './links.ts'
import { literalSource } from './literal-source.ts'
import { unique } from './trace-text.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** What a sampler starts from. */
export interface LatentSources {
  readonly width: InputRef[]
  readonly height: InputRef[]
  readonly batch: InputRef[]
  /** File inputs of the images that are encoded. */
  readonly image: InputRef[]
  readonly mask: InputRef[]
}

/** Inputs that lead on to the latent, or to the image, that a latent node works on. */
const onward = /^(?:samples?\d?|latents?|latent_image|pixels|images?\d?|image_?\d?|video|destination|source)$/

/** Follows a sampler's latent back to the empty latent or the loaded image that it starts from. */
export function traceLatent(workflow: Workflow, latent: InputRef): LatentSources {
  const found: LatentSources = { width: [], height: [], batch: [], image: [], mask: [] }
  const seen = new Set<NodeId>()
  const visit = (ref: InputRef): void => {
    const node = linkedNode(workflow, ref)
    if (node === undefined || seen.has(node)) return
    seen.add(node)
    const inputs = workflow.nodes.get(node)?.inputs ?? {}
    const next = Object.keys(inputs).filter((input) => onward.test(input) && isLink(inputs[input]))
    if (next.length === 0) addStart(workflow, node, found)
    for (const input of next) visit({ node, input })
    for (const input of ['mask', 'noise_mask']) found.mask.push(...traceFile(workflow, { node, input }))
  }
  visit(latent)
  // A mask from the image's own file (its alpha channel) is not a file of its own.
  const images = new Set(found.image.map(({ node }) => node))
  return {
    ...found,
    image: unique(found.image),
    mask: unique(found.mask.filter(({ node }) => !images.has(node))),
  }
}

function addStart(workflow: Workflow, node: NodeId, found: LatentSources): void {
  const inputs = workflow.nodes.get(node)?.inputs ?? {}
  if (typeof inputs.image === 'string') {
    found.image.push({ node, input: 'image' })
    return
  }
  const add = (list: InputRef[], input: string): void => {
    const source = input in inputs ? literalSource(workflow, { node, input }) : undefined
    if (source) list.push(source)
  }
  add(found.width, 'width')
  add(found.height, 'height')
  add(found.batch, 'batch_size')
}

/** The file inputs that an image or mask input comes from. */
export function traceFile(workflow: Workflow, ref: InputRef): InputRef[] {
  const seen = new Set<NodeId>()
  const found: InputRef[] = []
  const visit = (node: NodeId | undefined): void => {
    if (node === undefined || seen.has(node)) return
    seen.add(node)
    const inputs = workflow.nodes.get(node)?.inputs ?? {}
    if (typeof inputs.image === 'string') found.push({ node, input: 'image' })
    else for (const input of Object.keys(inputs)) visit(linkedNode(workflow, { node, input }))
  }
  visit(linkedNode(workflow, ref))
  return found
}
