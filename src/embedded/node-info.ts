import type { NodeClass } from '../protocol/object-info.ts'
import type { EmbeddedNode, Folders } from './node.ts'

/** The object_info entry of a node; lists of files are as they are now. */
export function nodeInfo(node: EmbeddedNode, folders: Folders): NodeClass {
  return typeof node.info === 'function' ? node.info(folders) : node.info
}
