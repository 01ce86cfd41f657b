import { didYouMean } from '../../near-matches.ts'
import type { ObjectInfo } from '../../protocol/object-info.ts'
import type { Complaint } from './finding.ts'
import { packOf } from './node-packs.ts'

/** Node types that only the page has: its export resolves or drops them, so a server knows none of them. */
const browserNodes: Readonly<Record<string, string>> = {
  Note: 'it only holds text for people: delete it',
  MarkdownNote: 'it only holds text for people: delete it',
  Reroute: 'link what it feeds to its own source',
  PrimitiveNode: 'write its value into the inputs that it feeds',
  GraphInput: 'link what it feeds to the source outside the subgraph',
  GraphOutput: 'link what it feeds to the source inside the subgraph',
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** The complaint about a class that the server does not have. */
export function unknownClass(classType: string, objectInfo: ObjectInfo): Complaint {
  const known = Object.hasOwn(browserNodes, classType) ? browserNodes[classType] : undefined
  if (known !== undefined)
    return browserNode(`${classType} is a node of the page alone, which no server knows`, known)
  if (uuid.test(classType)) {
    return browserNode('its class is the id of a subgraph, which only the page can resolve', reExport)
  }
  if (/^workflow[>/]/.test(classType)) {
    return browserNode(`${classType} is a group node, which only the page can resolve`, reExport)
  }
  const pack = packOf(classType)
  const text = `the server has no node class "${classType}"`
  return {
    code: 'missing-node',
    text: pack === undefined ? text : `${text}, which comes with ${pack}`,
    hint: hintFor(classType, objectInfo, pack),
  }
}

const reExport = 'in ComfyUI choose Workflow > Export (API) again: it writes the nodes inside'

function browserNode(text: string, hint: string): Complaint {
  return { code: 'browser-node', text, hint }
}

function hintFor(classType: string, objectInfo: ObjectInfo, pack: string | undefined): string {
  const near = didYouMean(classType, Object.keys(objectInfo))
  if (near !== undefined) return near
  if (pack === undefined)
    return 'install the custom node that brings it (ComfyUI-Manager finds it by the class), or use another server'
  const isThere = Object.values(objectInfo).some(({ python_module: module }) => isOfPack(module, pack))
  return isThere
    ? `${pack} is installed there, but in a version without this class: update it`
    : `install ${pack} on the server, or use another server`
}

function isOfPack(module: string | undefined, pack: string): boolean {
  return module?.toLowerCase().includes(`custom_nodes.${pack.toLowerCase()}`) ?? false
}
