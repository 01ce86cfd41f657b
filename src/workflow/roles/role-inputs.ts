import type { InputRef, NodeId, Workflow } from '../workflow.ts'
import { hasInput } from '../links.ts'
import { findAllInOne, inputsNamed, modelsOf, negativesOf, promptsOf, seedsOf } from './all-in-one.ts'
import { nothing, together, without, type Found } from './found.ts'
import { nth, traceFiles, type FileKind } from './trace-files.ts'
import { traceNumber } from './trace-number.ts'
import { RoleGraph } from './role-graph.ts'
import type { Role } from './role-names.ts'
import { samplerRoles, type MakerRoles } from './sampler-roles.ts'
import { traceSize } from './trace-size.ts'
import { traceString } from './trace-string.ts'

/** What a role was found to be: for each node that makes something, in the order of the file. */
export interface RoleInputs {
  readonly graph: RoleGraph
  readonly makers: readonly MakerRoles[]
  readonly roles: ReadonlyMap<Role, readonly Part[]>
}

/** What one sampler, or other node that makes something, gives to a role. */
export interface Part {
  readonly maker?: NodeId
  readonly found: Found
}

/** Finds, for every role, the inputs that a flag for it has to change. */
export function roleInputs(workflow: Workflow): RoleInputs {
  const graph = new RoleGraph(workflow)
  const sampled = samplerRoles(graph)
  const makers = sampled.length > 0 ? sampled : findAllInOne(graph).map((node) => allInOneRoles(graph, node))
  const roles = new Map<Role, Part[]>()
  const add = (role: Role, part: Part): void => {
    const parts = roles.get(role) ?? []
    roles.set(role, parts)
    parts.push(part)
  }
  for (const { maker, roles: own } of makers) {
    for (const [role, found] of own) add(role, { maker, found })
  }
  // A workflow that only works on images has the size that they are scaled to.
  if (makers.length === 0) {
    for (const axis of ['width', 'height'] as const) add(axis, { found: scaledTo(graph, axis) })
  }
  add('fps', { found: frameRates(graph) })
  for (const [role, found] of fileRoles(graph, makers)) add(role, { found })
  add('prefix', { found: prefixes(graph) })
  return { graph, makers, roles }
}

/** The roles of a node that makes something by itself. */
function allInOneRoles(graph: RoleGraph, node: NodeId): MakerRoles {
  const texts = (refs: readonly InputRef[]): Found => together(refs.map((ref) => traceString(graph, ref)))
  const numbers = (refs: readonly InputRef[]): Found => together(refs.map((ref) => traceNumber(graph, ref)))
  const named = (name: RegExp): Found => numbers(inputsNamed(graph, node, name))
  const prompt = texts(promptsOf(graph, node))
  const roles: [Role, Found][] = [
    ['prompt', prompt],
    ['negative', without(texts(negativesOf(graph, node)), prompt.inputs)],
    ['seed', numbers(seedsOf(graph, node))],
    ['steps', named(/^steps$/)],
    ['cfg', named(/^(?:cfg|cfg_scale|guidance|guidance_scale)$/)],
    ['width', named(/^(?:output_)?width$/)],
    ['height', named(/^(?:output_)?height$/)],
    ['batch', named(/^(?:n|number_of_images|num_images|batch_size)$/)],
    ['frames', named(/^(?:num_frames|frames)$/)],
    ['model', texts(modelsOf(graph, node))],
  ]
  return { maker: node, continues: new Set(), roles: new Map(roles) }
}

function scaledTo(graph: RoleGraph, axis: 'width' | 'height'): Found {
  const ports = graph.outputs.flatMap((node) =>
    ['images', 'image', 'video']
      .filter((input) => graph.links(node).includes(input))
      .map((input) => ({ node, input })),
  )
  const { inputs, telling } = together(ports.map((ref) => traceSize(graph, ref, axis, new Set())))
  return { ...nothing, inputs, telling }
}

/** Frames a second: of the video that is put together, and of what is told to the model. */
function frameRates(graph: RoleGraph): Found {
  const refs = [...graph.reachable]
    .filter((node) => !/load/i.test(graph.workflow.nodes.get(node)?.classType ?? ''))
    .flatMap((node) => inputsNamed(graph, node, /^(?:fps|frame_rate)$/))
  return together(refs.map((ref) => traceNumber(graph, ref)))
}

function fileRoles(graph: RoleGraph, makers: readonly MakerRoles[]): [Role, Found][] {
  const nodes = makers.map(({ maker }) => maker)
  // What the makers need comes first, then what else the outputs need.
  const files = traceFiles(graph, [...nodes, ...graph.outputs], new Set(nodes))
  const numbered = (kind: FileKind, role: Role, count: number): [Role, Found][] =>
    Array.from({ length: count }, (_, at) => [
      (at === 0 ? role : `${role}${at + 1}`) as Role,
      nth(files[kind], at + 1),
    ])
  return [
    ...numbered('image', 'image', 9),
    ...numbered('video', 'video', 2),
    ...numbered('audio', 'audio', 2),
    ['mask', together(files.mask)],
  ]
}

function prefixes(graph: RoleGraph): Found {
  const savers = Array.from(graph.workflow.nodes).filter(([, node]) => hasInput(node, 'filename_prefix'))
  return together(savers.map(([node]) => traceString(graph, { node, input: 'filename_prefix' })))
}
