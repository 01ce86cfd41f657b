import { isJsonArray, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import type { Catalogue } from './catalogue.ts'
import { idText } from './id-text.ts'
import type { UiNode, UiPort, UiSubgraph } from './ui-graph.ts'

/** The widget inside a subgraph that one of its inputs shows on the instance. */
interface PromotedWidget {
  readonly node: string
  readonly widget: string
  /** What it holds by itself, inside. */
  readonly value: JsonValue
}

/** Knows what instances of subgraphs hold in the widgets that are promoted to them. */
export class HostValues {
  readonly #catalogue: Catalogue
  readonly #values = new Map<UiNode, readonly (JsonValue | undefined)[]>()

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
  }

  /**
   * What an instance holds for each input of its subgraph: its own value, or where it has none that of the widget
   * inside. Undefined for an input that is no widget.
   */
  of(host: UiNode, subgraph: UiSubgraph): readonly (JsonValue | undefined)[] {
    const known = this.#values.get(host)
    if (known) return known
    const promoted = subgraph.inputs.map((port) => this.#promotedBy(subgraph, port))
    const values = subgraph.inputs.map((port, at) => {
      const widget = promoted[at]
      return widget && (storedValue(host, port, widget, promoted.slice(0, at)) ?? widget.value)
    })
    this.#values.set(host, values)
    return values
  }

  /** The widget of the first inner input that an input feeds and that has one. */
  #promotedBy(subgraph: UiSubgraph, port: UiPort): PromotedWidget | undefined {
    for (const id of port.links) {
      const node = subgraph.nodes.get(subgraph.links.get(id)?.target ?? '')
      const input = node?.inputs.find(({ link }) => link === id)
      if (!node || !input) continue
      const name = input.widget ?? input.name
      const inner = this.#catalogue.subgraphOf(node)
      const value = inner
        ? this.of(node, inner)[inner.inputs.findIndex((each) => each.name === input.name)]
        : this.#catalogue.widgetValue(node, name)
      if (value !== undefined) return { node: node.id, widget: name, value }
    }
    return undefined
  }
}

/**
 * The instance's own value, at the place that `proxyWidgets` gives the widget, or without that list at its place among
 * the promoted ones. Null and nothing are holes.
 */
function storedValue(
  { widgetsValues, properties }: UiNode,
  { name }: UiPort,
  widget: PromotedWidget,
  before: readonly (PromotedWidget | undefined)[],
): JsonValue | undefined {
  if (!isJsonArray(widgetsValues)) return named(widgetsValues, name)
  const { proxyWidgets } = properties
  const place = isJsonArray(proxyWidgets)
    ? proxyWidgets.findIndex((entry) => isJsonArray(entry) && isProxyOf(entry, name, widget))
    : before.filter((each) => each !== undefined).length
  return widgetsValues[place] ?? undefined
}

function named(values: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(values, name) ? (values[name] ?? undefined) : undefined
}

/** An entry names a node inside and its widget, or with -1 the subgraph's own input. */
function isProxyOf(
  [node, name]: readonly JsonValue[],
  port: string,
  { node: id, widget }: PromotedWidget,
): boolean {
  const source = idText(node)
  return source === '-1' ? name === port : source === id && name === widget
}
