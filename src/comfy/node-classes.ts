import { inputSpecs, type NodeClass, type ObjectInfo } from '../protocol/object-info.ts'
import type { Access } from './access.ts'
import { getJson } from './http.ts'

/** `GET /object_info/{class}`: one node class, or undefined if the server does not have it. */
export async function fetchNodeClass(access: Access, classType: string): Promise<NodeClass | undefined> {
  const body = (await getJson(
    access,
    `object_info/${encodeURIComponent(classType)}`,
  )) as unknown as ObjectInfo
  return body[classType]
}

/** The values that a COMBO input allows on this server; empty if it is none, or the server can't say. */
export async function choicesOf(
  access: Access,
  classType: string,
  input: string | undefined,
): Promise<string[]> {
  try {
    const nodeClass = await fetchNodeClass(access, classType)
    const spec = nodeClass && inputSpecs(nodeClass).find(({ name }) => name === input)
    return (spec?.options ?? []).map(String)
  } catch {
    // The list only makes an error message richer: its absence must not hide that message.
    return []
  }
}
