import assert from 'node:assert/strict'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/protocol/json.ts'
import { readObjectInfo, type ObjectInfo } from '../../../src/protocol/object-info.ts'
import { convertWorkflow, type ConvertOptions } from '../../../src/workflow/convert/convert.ts'

function nodeClass(required: JsonObject, output: readonly string[], more: JsonObject = {}): JsonObject {
  return { input: { required, ...more }, output }
}

/** A few classes of our own making, as a server lists them. */
export const objectInfo = infoOf({
  Loader: {
    ...nodeClass({ file: [['a.model', 'b.model']] }, ['MODEL', 'CLIP', 'VAE']),
    display_name: 'Load it',
  },
  Encode: nodeClass({ clip: ['CLIP'], text: ['STRING', { multiline: true, dynamicPrompts: true }] }, [
    'COND',
  ]),
  Sampler: nodeClass(
    {
      model: ['MODEL'],
      positive: ['COND'],
      seed: ['INT', { default: 0, control_after_generate: true }],
      steps: ['INT', { default: 20 }],
      cfg: ['FLOAT', { default: 8 }],
      scheduler: ['COMBO', { options: ['normal', 'simple'] }],
    },
    ['LATENT'],
    { optional: { denoise: ['FLOAT', { default: 1 }] } },
  ),
  Decode: nodeClass({ samples: ['LATENT'], vae: ['VAE'] }, ['IMAGE']),
  LoadImage: nodeClass({ image: [['cat.png'], { image_upload: true }] }, ['IMAGE', 'MASK']),
  Scale: nodeClass({ image: ['IMAGE'], width: ['INT', { default: 512 }] }, ['IMAGE']),
  Blend: nodeClass({ mask: ['MASK'], image1: ['IMAGE'], image2: ['IMAGE'] }, ['IMAGE', 'MASK']),
  Save: nodeClass({ images: ['IMAGE'], filename_prefix: ['STRING', { default: 'ComfyUI' }] }, []),
  Number: nodeClass({ value: ['INT', {}] }, ['INT']),
  Show: nodeClass({ anything: ['*'] }, []),
})

export function infoOf(classes: JsonObject): ObjectInfo {
  const info = readObjectInfo(classes)
  assert.ok(info)
  return info
}

/** A node in short form. `in` names its inputs: each with its type and link; `*name` is a widget's socket. */
export interface NodeSpec {
  readonly type: string
  readonly values?: JsonValue
  readonly in?: Readonly<Record<string, readonly [type: string, link?: number | null]>>
  readonly out?: readonly string[]
  readonly mode?: number
  readonly title?: string
  readonly properties?: JsonObject
}

/** A link in short form: id, node and output that it comes from, node and input that it goes to. */
export type LinkSpec = readonly [id: number, origin: number, slot: number, target: number, targetSlot: number]

function nodeOf([id, spec]: readonly [string, NodeSpec]): JsonObject {
  const inputs = Object.entries(spec.in ?? {}).map(([key, [type, link = null]]) => {
    const name = key.replace(/^\*(?!$)/, '')
    return { name, type, link, ...(name !== key && { widget: { name } }) }
  })
  return {
    id: Number(id),
    type: spec.type,
    mode: spec.mode ?? 0,
    inputs,
    outputs: (spec.out ?? []).map((type) => ({ name: type, type, links: [] })),
    properties: spec.properties ?? {},
    ...(spec.values !== undefined && { widgets_values: spec.values }),
    ...(spec.title !== undefined && { title: spec.title }),
  }
}

/** A graph as the page saves it, in schema 0.4. */
export function uiGraph(
  nodes: Readonly<Record<string, NodeSpec>>,
  links: readonly LinkSpec[] = [],
  more: JsonObject = {},
): JsonObject {
  return {
    version: 0.4,
    last_node_id: Math.max(0, ...Object.keys(nodes).map(Number)),
    nodes: Object.entries(nodes).map(nodeOf),
    links: links.map((link) => [...link, '*']),
    ...more,
  }
}

/** The definition of a subgraph. Its inputs come from node -10 and its outputs go to node -20. */
export function subgraph(
  id: string,
  nodes: Readonly<Record<string, NodeSpec>>,
  links: readonly LinkSpec[],
  ports: {
    readonly in?: readonly (readonly [name: string, type: string])[]
    readonly out?: readonly string[]
  } = {},
): JsonObject {
  const idsOf = (isOne: (link: LinkSpec) => boolean): number[] => links.filter(isOne).map(([link]) => link)
  return {
    id,
    name: `Subgraph ${id}`,
    nodes: Object.entries(nodes).map(nodeOf),
    links: links.map(([link, origin, slot, target, targetSlot]) => ({
      id: link,
      origin_id: origin,
      origin_slot: slot,
      target_id: target,
      target_slot: targetSlot,
      type: '*',
    })),
    inputs: (ports.in ?? []).map(([name, type], at) => ({
      name,
      type,
      linkIds: idsOf(([, origin, slot]) => origin === -10 && slot === at),
    })),
    outputs: (ports.out ?? []).map((type, at) => ({
      name: type,
      type,
      linkIds: idsOf(([, , , target, slot]) => target === -20 && slot === at),
    })),
  }
}

/** A graph that uses subgraphs. */
export function withSubgraphs(graph: JsonObject, ...subgraphs: readonly JsonObject[]): JsonObject {
  return { ...graph, definitions: { subgraphs } }
}

/** The inputs of every node of the converted graph, by id. */
export function inputsOf(
  ui: JsonObject,
  info: ObjectInfo = objectInfo,
  options?: ConvertOptions,
): Record<string, JsonObject> {
  const { nodes } = convertWorkflow(ui, info, options)
  return Object.fromEntries(Array.from(nodes, ([id, { inputs }]) => [id, inputs]))
}

/** The inputs of the only node of a graph. */
export function inputsOfOne(node: NodeSpec, info?: ObjectInfo, options?: ConvertOptions): JsonObject {
  const inputs = inputsOf(uiGraph({ 1: node }), info, options)['1']
  assert.ok(isJsonObject(inputs))
  return inputs
}
