import { ComfyRunError } from '../errors.ts'
import { didYouMean } from '../near-matches.ts'
import { isJsonArray } from '../protocol/json.ts'
import type { Access } from './access.ts'
import { jsonOf, send, unexpected } from './http.ts'

/** The folders that a server keeps models in (`GET /models`, since mid-2024). Throws `not-comfyui` and its kin. */
export async function fetchModelFolders(access: Access): Promise<string[]> {
  const folders = await list(access, 'models')
  if (folders) return folders
  throw new ComfyRunError('not-comfyui', `${access.address.name} does not list its models`, {
    hint: 'ComfyUI does since the summer of 2024',
  })
}

/** The models in a folder of the server, e.g. `checkpoints` or `loras`. Throws `bad-option` for an unknown folder. */
export async function fetchModels(access: Access, folder: string): Promise<string[]> {
  const models = await list(access, `models/${encodeURIComponent(folder)}`)
  if (models) return models
  const folders = await fetchModelFolders(access)
  throw new ComfyRunError('bad-option', `${access.address.name} has no folder "${folder}" for models`, {
    hint: didYouMean(folder, folders) ?? `it has ${folders.join(', ')}`,
  })
}

/** Undefined if there is no such list. */
async function list(access: Access, path: string): Promise<string[] | undefined> {
  const answer = await send(access, 'GET', path)
  if (answer.status === 404) return undefined
  const body = jsonOf(answer)
  if (answer.status === 200 && isJsonArray(body)) return body.filter((name) => typeof name === 'string')
  throw unexpected(access, `GET /${path}`, answer)
}
