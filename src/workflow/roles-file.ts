import { readFile } from 'node:fs/promises'
import { ComfyRunError, messageOf } from '../errors.ts'
import { didYouMean } from '../near-matches.ts'
import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  type JsonObject,
  type JsonValue,
} from '../protocol/json.ts'
import { resolveAddress } from './address.ts'
import { decodeText } from './decode-text.ts'
import { placeOfKey } from './json-place.ts'
import { roleNames, type Role } from './roles.ts'
import type { InputRef, Workflow } from './workflow.ts'

/**
 * The workflow with what the file beside it says: for `flux.json` that is `flux.roles.json`, which gives the address or
 * addresses that play a role, `{"steps": "3.steps", "negative": []}`. The workflow as it is, if there is no such file.
 * Throws ComfyRunError `bad-roles-file`, `file-unreadable`, and what `resolveAddress` throws.
 */
export async function withRolesFile(workflow: Workflow, source: string): Promise<Workflow> {
  const file = `${source.replace(/\.[^./\\]*$/, '')}.roles.json`
  const bytes = await readIfThere(file)
  if (!bytes) return workflow
  const text = decodeText(bytes, 'the roles file', file).replace(/^\uFEFF/, '')
  const entries = Object.entries(parse(text, file)).map(([key, value]): [Role, readonly InputRef[]] => {
    const where = placeOfKey(text, file, [key])
    if (!isRole(key)) {
      const hint = didYouMean(key, roleNames) ?? `roles are ${roleNames.join(', ')}`
      throw new ComfyRunError('bad-roles-file', `${file} names "${key}", which is no role`, { hint, where })
    }
    return [key, addressesIn(value, file, key).flatMap((address) => resolve(workflow, address, where))]
  })
  return { ...workflow, settledRoles: { source: file, roles: new Map(entries) } }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new ComfyRunError('file-unreadable', `the roles file ${file} can't be read: ${messageOf(cause)}`, {
      cause,
    })
  }
}

function parse(text: string, file: string): JsonObject {
  let value: JsonValue
  try {
    value = parseStrictJson(text)
  } catch (cause) {
    throw new ComfyRunError('bad-roles-file', `${file} is not JSON: ${messageOf(cause)}`, {
      where: { file },
      cause,
    })
  }
  if (isJsonObject(value)) return value
  throw new ComfyRunError('bad-roles-file', `${file} holds no object`, { hint: example, where: { file } })
}

const example = 'write for example {"prompt": "6.text", "steps": ["3.steps", "21.steps"]}'

function addressesIn(value: JsonValue, file: string, role: Role): string[] {
  const list = isJsonArray(value) ? value : [value]
  return list.map((address) => {
    if (typeof address === 'string' && !isRole(address)) return address
    throw new ComfyRunError('bad-roles-file', `${file} gives no address for "${role}"`, {
      hint: example,
      where: { file },
    })
  })
}

function resolve(
  workflow: Workflow,
  address: string,
  where: ReturnType<typeof placeOfKey>,
): readonly InputRef[] {
  try {
    return resolveAddress(workflow, address)
  } catch (error) {
    throw error instanceof ComfyRunError ? error.at(where) : error
  }
}

function isRole(key: string): key is Role {
  return (roleNames as readonly string[]).includes(key)
}
