import { stringifyJson, type JsonValue } from '../../protocol/json.ts'
import type { Catalogue } from './catalogue.ts'
import type { UiNode, UiWorkflow } from './ui-graph.ts'

/** What no file name may hold. */
const unsafe = /[/?<>\\:*|"\p{Cc}]/gu

/**
 * Fills in what the page fills in before it sends a file name: `%date:yyyy-MM-dd%` and the values of other nodes,
 * `%KSampler.seed%`. What it does not know, such as the server's own `%width%`, stays.
 */
export class TextTokens {
  readonly #catalogue: Catalogue
  readonly #workflow: UiWorkflow
  readonly #now: Date

  constructor(catalogue: Catalogue, workflow: UiWorkflow, now: Date) {
    this.#catalogue = catalogue
    this.#workflow = workflow
    this.#now = now
  }

  fill(text: string): string {
    return text.replaceAll(/%([^%]+)%/g, (token, name: string) => this.#valueOf(name) ?? token)
  }

  #valueOf(name: string): string | undefined {
    if (name.startsWith('date:')) return dateText(name.slice('date:'.length), this.#now)
    const [node, widget, ...more] = name.split('.')
    if (node === undefined || widget === undefined || more.length > 0) return undefined
    const found = this.#nodeCalled(node)
    const value = found && this.#catalogue.widgetValue(found, widget)
    return value === undefined ? undefined : textOf(value).replaceAll(unsafe, '_')
  }

  /** By the name that the page keeps for this, or else by title; the root's nodes first. */
  #nodeCalled(name: string): UiNode | undefined {
    const { root, subgraphs } = this.#workflow
    const nodes = [root, ...subgraphs.values()].flatMap((graph) => [...graph.nodes.values()])
    return (
      nodes.find(({ properties }) => properties['Node name for S&R'] === name) ??
      nodes.find((node) => (node.title ?? this.#catalogue.parts(node).title) === name)
    )
  }
}

function textOf(value: JsonValue): string {
  if (value === null) return ''
  return typeof value === 'object' ? stringifyJson(value) : String(value)
}

/** `yyyy`, `yy`, and M, d, h, m, s, where two letters mean two digits. */
function dateText(format: string, date: Date): string {
  const parts: Readonly<Record<string, number>> = {
    d: date.getDate(),
    M: date.getMonth() + 1,
    h: date.getHours(),
    m: date.getMinutes(),
    s: date.getSeconds(),
  }
  return format.replaceAll(/yyyy|yy|dd?|MM?|hh?|mm?|ss?/g, (letters) => {
    const year = String(date.getFullYear())
    if (letters.startsWith('y')) return year.slice(-letters.length)
    return String(parts[letters.charAt(0)] ?? '').padStart(letters.length, '0')
  })
}
