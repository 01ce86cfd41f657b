import { inputConfigs, type InputConfig, type NodeClass } from '../../protocol/object-info.ts'
import type { UiInput, UiNode, UiSubgraph } from './ui-graph.ts'
import { hasWidget } from './widget-types.ts'

/** An input that a link may come to. */
export interface Socket {
  readonly name: string
  readonly type: string
  readonly link?: string
}

/**
 * The sockets of a node in the page's order: those of the class without a widget, those with one, and then what the
 * file has besides. Links are those that the file names at the input, whatever place it stands at.
 */
export function classSockets(node: UiNode, nodeClass: NodeClass): Socket[] {
  const stored = new Map(node.inputs.map((input) => [input.name, input]))
  const take = (name: string): UiInput | undefined => {
    const input = stored.get(name)
    stored.delete(name)
    return input
  }
  const inputs = inputConfigs(nodeClass.input, nodeClass.input_order)
  const isWidget = (input: InputConfig): boolean => input.type === 'COMFY_DYNAMICCOMBO_V3' || hasWidget(input)
  const ofClass = [
    ...inputs.filter((input) => !isWidget(input)),
    ...inputs.filter((input) => isWidget(input)),
  ].flatMap((input): Socket[] => {
    if (input.type === 'COMFY_AUTOGROW_V3') {
      const group = [...stored.keys()].filter((name) => name.startsWith(`${input.name}.`))
      return group.flatMap((name) => take(name) ?? [])
    }
    return [socket(input, take(input.name))]
  })
  return [...ofClass, ...stored.values()]
}

function socket({ name, type }: InputConfig, stored: UiInput | undefined): Socket {
  return {
    name,
    // What a type follows from is told by the file alone.
    type: type === 'COMFY_MATCHTYPE_V3' ? (stored?.type ?? '*') : type,
    ...(stored?.link !== undefined && { link: stored.link }),
  }
}

/** The sockets of an instance are the inputs of its subgraph; the file may store them in another order. */
export function subgraphSockets(node: UiNode, { inputs }: UiSubgraph): Socket[] {
  const stored = new Map(node.inputs.map((input) => [input.name, input]))
  return inputs.map(({ name, type }) => {
    const link = stored.get(name)?.link
    return { name, type, ...(link !== undefined && { link }) }
  })
}
