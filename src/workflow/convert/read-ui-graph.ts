import {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from '../../protocol/json.ts'
import { idText } from './id-text.ts'
import {
  ioInput,
  ioOutput,
  type UiGraph,
  type UiInput,
  type UiLink,
  type UiMode,
  type UiNode,
  type UiPort,
  type UiSubgraph,
} from './ui-graph.ts'

/**
 * Reads the nodes and links of a graph, in schema 0.4 (links are lists) or 1.0 (links are objects). What is no node or
 * no link is left out, as the page does.
 */
export function readGraph(graph: JsonObject): UiGraph {
  const nodes = listOf(graph.nodes).filter(isJsonObject).map(readNode)
  return {
    nodes: new Map(nodes.filter((node) => node !== undefined).map((node) => [node.id, node])),
    links: new Map(listOf(graph.links).flatMap(readLink)),
  }
}

/** Reads the definition of a subgraph. Undefined if it has no id. */
export function readSubgraph(value: JsonValue): UiSubgraph | undefined {
  if (!isJsonObject(value)) return undefined
  const id = idText(value.id)
  if (id === undefined) return undefined
  const graph = readGraph(value)
  const links = Array.from(graph.links)
  const linksOf = (isOne: (link: UiLink) => boolean): string[] =>
    links.filter(([, link]) => isOne(link)).map(([link]) => link)
  return {
    ...graph,
    id,
    name: idText(value.name) ?? id,
    inputs: listOf(value.inputs).map((port, slot) =>
      readPort(port, () => linksOf(({ origin, originSlot }) => origin === ioInput && originSlot === slot)),
    ),
    outputs: listOf(value.outputs).map((port, slot) =>
      readPort(port, () => linksOf(({ target, targetSlot }) => target === ioOutput && targetSlot === slot)),
    ),
  }
}

export function readNode(node: JsonObject): UiNode | undefined {
  const id = idText(node.id)
  if (id === undefined) return undefined
  const title = idText(node.title)
  const { widgets_values: values, properties } = node
  return {
    id,
    type: idText(node.type) ?? '',
    ...(title && { title }),
    mode: modeOf(node.mode),
    inputs: listOf(node.inputs).filter(isJsonObject).map(readInput),
    outputs: listOf(node.outputs).map((output) => typeOf(isJsonObject(output) ? output.type : undefined)),
    widgetsValues: isJsonArray(values) || isJsonObject(values) ? values : [],
    properties: isJsonObject(properties) ? properties : {},
  }
}

function readInput({ name, label, type, link, widget }: JsonObject): UiInput {
  const linkId = idText(link)
  const widgetName = isJsonObject(widget) ? idText(widget.name) : undefined
  return {
    name: idText(name) ?? '',
    ...(typeof label === 'string' && { label }),
    type: typeOf(type),
    ...(linkId !== undefined && { link: linkId }),
    ...(widgetName !== undefined && { widget: widgetName }),
  }
}

function readLink(value: JsonValue): [string, UiLink][] {
  const fields: JsonArray = isJsonArray(value)
    ? value
    : isJsonObject(value)
      ? [value.id, value.origin_id, value.origin_slot, value.target_id, value.target_slot].map(
          (field) => field ?? null,
        )
      : []
  const [id, origin, target] = [idText(fields[0]), idText(fields[1]), idText(fields[3])]
  if (id === undefined || origin === undefined || target === undefined) return []
  return [[id, { origin, originSlot: slotOf(fields[2]), target, targetSlot: slotOf(fields[4]) }]]
}

/** A port that does not name its links has those that name it. */
function readPort(value: JsonValue, linksByPlace: () => string[]): UiPort {
  const port = isJsonObject(value) ? value : {}
  const { linkIds } = port
  return {
    name: idText(port.name) ?? '',
    type: typeOf(port.type),
    links: isJsonArray(linkIds) ? linkIds.flatMap((link) => idText(link) ?? []) : linksByPlace(),
  }
}

/** LiteGraph's modes: 0 always, 1 on event, 2 never, 3 on trigger, 4 bypass. */
function modeOf(value: JsonValue | undefined): UiMode {
  if (value === 2) return 'muted'
  return value === 4 ? 'bypassed' : 'active'
}

/** A COMBO's type was once the list of its choices; `*` is what takes anything. */
function typeOf(value: JsonValue | undefined): string {
  if (isJsonArray(value)) return 'COMBO'
  return typeof value === 'string' && value !== '' ? value : '*'
}

function slotOf(value: JsonValue | undefined): number {
  const slot = Number(value)
  return Number.isInteger(slot) && slot >= 0 ? slot : 0
}

/** A list, or the values of what was saved as an object by id. */
function listOf(value: JsonValue | undefined): JsonArray {
  if (isJsonArray(value)) return value
  return isJsonObject(value) ? Object.values(value) : []
}
