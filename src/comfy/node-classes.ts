import { ComfyRunError } from '../errors.ts'
import { inputSpecs, readObjectInfo, type NodeClass, type ObjectInfo } from '../protocol/object-info.ts'
import type { Access } from './access.ts'
import { getJson, jsonOf, largestAnswer, send, unexpected } from './http.ts'

/** `GET /object_info/{class}`: one node class, or undefined if the server does not have it. */
export async function fetchNodeClass(access: Access, classType: string): Promise<NodeClass | undefined> {
  const body = (await getJson(
    access,
    `object_info/${encodeURIComponent(classType)}`,
  )) as unknown as ObjectInfo
  return Object.hasOwn(body, classType) ? body[classType] : undefined
}

/**
 * `GET /object_info`: all node classes of a server. Tens of MB and slow where there are many custom nodes, so it is
 * asked for once. Throws `server-unreachable`, `server-refused`, `not-comfyui`.
 */
export async function fetchObjectInfo(access: Access): Promise<ObjectInfo> {
  return (await fetchObjectInfoText(access)).classes
}

/** As `fetchObjectInfo`, with the answer's own text: to be saved, it must stay as it is. */
export async function fetchObjectInfoText(
  access: Access,
): Promise<{ readonly classes: ObjectInfo; readonly text: string }> {
  const answer = await send(access, 'GET', 'object_info', { mostBytes: largestAnswer })
  const body = answer.status === 200 ? jsonOf(answer) : undefined
  if (body === undefined) throw unexpected(access, 'GET /object_info', answer)
  const classes = readObjectInfo(body)
  if (classes) return { classes, text: answer.text }
  throw new ComfyRunError('not-comfyui', `${access.address.name} lists no node classes at GET /object_info`)
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
