import type { JsonObject, JsonValue } from '../../protocol/json.ts'
import {
  inputConfigs,
  nodeClassNamed,
  type InputConfig,
  type ObjectInfo,
} from '../../protocol/object-info.ts'
import type { Group } from './group-definition.ts'
import { GroupNames } from './group-names.ts'
import { StoredValues } from './stored-values.ts'
import {
  ioInput,
  ioOutput,
  type UiInput,
  type UiLink,
  type UiNode,
  type UiPort,
  type UiSubgraph,
} from './ui-graph.ts'
import { companions, hasWidget } from './widget-types.ts'
import { readWidgets } from './widgets.ts'

/** A group as a subgraph for one group node: with the node's values, and an input for whatever may be linked to. */
export function groupSubgraph(
  host: UiNode,
  group: Group,
  objectInfo: ObjectInfo,
): Pick<UiSubgraph, 'nodes' | 'links' | 'inputs' | 'outputs'> {
  const values = new StoredValues(host.widgetsValues)
  const names = new GroupNames(group)
  const links = new Map<string, UiLink>(group.links)
  const inputs: UiPort[] = []
  const nodes = group.nodes.map((node) => {
    const slots = [...node.inputs]
    const open = (slot: UiInput, name: string): void => {
      const at = slots.includes(slot) ? slots.indexOf(slot) : slots.length
      const link = `input ${inputs.length}`
      links.set(link, { origin: ioInput, originSlot: inputs.length, target: node.id, targetSlot: at })
      inputs.push({ name, type: slot.type, links: [link] })
      slots[at] = { ...slot, link }
    }
    const own: Record<string, JsonValue> = {}
    for (const input of widgetsOf(node, group, objectInfo)) {
      const name = names.next(node, input.name)
      const value = values.take(name)
      values.skip(companions(input))
      if (value !== undefined) own[input.name] = value
      if (node.type !== 'PrimitiveNode')
        open({ name: input.name, type: input.type, widget: input.name }, name)
    }
    for (const slot of socketsFirst(node)) {
      const isShown = group.config(node, 'input', slot.name)?.visible !== false
      if (slot.link === undefined && isShown) open(slot, names.next(node, nameOf(slot, node, group)))
    }
    return { ...node, inputs: slots, widgetsValues: { ...storedByName(node, objectInfo), ...own } }
  })
  const outputs = group.nodes.flatMap((node) => shownOutputs(node, group, objectInfo))
  outputs.forEach((output, slot) => {
    links.set(`output ${slot}`, { ...output, target: ioOutput, targetSlot: slot })
  })
  return {
    nodes: new Map(nodes.map((node) => [node.id, node])),
    links,
    inputs,
    outputs: outputs.map(({ name, type }, slot) => ({ name, type, links: [`output ${slot}`] })),
  }
}

/** The inputs that have a widget in the group node: of a node, those that were not made sockets. */
function widgetsOf(node: UiNode, { nodes, links }: Group, objectInfo: ObjectInfo): InputConfig[] {
  if (node.type !== 'PrimitiveNode') {
    const sockets = new Set(node.inputs.map(({ widget }) => widget))
    return classInputs(node, objectInfo).filter((input) => hasWidget(input) && !sockets.has(input.name))
  }
  // That of a primitive is the one that it is linked to.
  const link = [...links.values()].find(({ origin }) => origin === node.id)
  const target = nodes.find(({ id }) => id === link?.target)
  const slot = link && target?.inputs[link.targetSlot]
  const input = target && classInputs(target, objectInfo).find(({ name }) => name === slot?.name)
  return input ? [{ ...input, name: 'value' }] : []
}

function classInputs({ type }: UiNode, objectInfo: ObjectInfo): InputConfig[] {
  const nodeClass = nodeClassNamed(objectInfo, type)
  return nodeClass ? inputConfigs(nodeClass.input, nodeClass.input_order) : []
}

/** A reroute's input is called by the type of what the reroute goes to. */
function nameOf(slot: UiInput, { id, type }: UiNode, { nodes, links }: Group): string {
  if (type !== 'Reroute') return slot.name
  const link = [...links.values()].find(({ origin }) => origin === id)
  return nodes.find((node) => node.id === link?.target)?.inputs[link?.targetSlot ?? 0]?.type ?? '*'
}

/** Sockets, and after them widgets that were made sockets. */
function socketsFirst({ inputs }: UiNode): UiInput[] {
  return [
    ...inputs.filter(({ widget }) => widget === undefined),
    ...inputs.filter(({ widget }) => widget !== undefined),
  ]
}

/** What the definition of the group holds for a node: the values that it was made with. */
function storedByName(node: UiNode, objectInfo: ObjectInfo): JsonObject {
  const nodeClass = nodeClassNamed(objectInfo, node.type)
  if (!nodeClass) return Object.fromEntries(Object.entries(node.widgetsValues))
  return Object.fromEntries(readWidgets(node, nodeClass).map(({ name, value }) => [name, value]))
}

/** The outputs that nothing inside takes, unless the user or the definition says otherwise. */
function shownOutputs(
  node: UiNode,
  { links, external, config }: Group,
  objectInfo: ObjectInfo,
): { readonly name: string; readonly type: string; readonly origin: string; readonly originSlot: number }[] {
  const types = nodeClassNamed(objectInfo, node.type)?.output ?? node.outputs
  return types.flatMap((type, slot) => {
    const isLinked = [...links.values()].some(
      ({ origin, originSlot }) => origin === node.id && originSlot === slot,
    )
    const isShown =
      config(node, 'output', String(slot))?.visible ?? (!isLinked || external.has(`${node.id} ${slot}`))
    if (isShown === false) return []
    return [
      {
        name: String(slot),
        type: typeof type === 'string' ? type : 'COMBO',
        origin: node.id,
        originSlot: slot,
      },
    ]
  })
}
