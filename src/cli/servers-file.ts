import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml'
import type { ServerOptions } from '../comfy/server.ts'
import { ComfyRunError, messageOf, type Where } from '../errors.ts'
import { noFolder, requireOutputFolder } from './require-output-folder.ts'

const hint = 'for example: [{ url: http://gpu-a:8188, headers: { X-Api-Key: ... } }, http://gpu-b:8188]'

/**
 * Reads a file that lists servers, in YAML or JSON: each item is an address, or an object with `url` and, if wanted,
 * `headers`, `token`, `ca` and `output` (relative to the file) and `insecure`. Throws `file-not-found`, `bad-option` with
 * the place of the fault; the file's text may hold secrets, so it is never shown.
 */
export async function readServersFile(file: string): Promise<ServerOptions[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ComfyRunError(
      'file-not-found',
      `the list of servers ${file} can't be read: ${messageOf(cause)}`,
      {
        cause,
      },
    )
  })
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const placeOf = (offset: number): Where => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const fault = (message: string, offset = 0): ComfyRunError =>
    new ComfyRunError('bad-option', message, { where: placeOf(offset), hint })
  const [error] = document.errors
  if (error) throw fault('the list of servers is neither YAML nor JSON', error.pos[0])
  const { contents } = document
  if (!isSeq(contents) || contents.items.length === 0)
    throw fault('the list of servers is not a list, or empty')
  const servers: ServerOptions[] = []
  for (const item of contents.items) {
    const offset = (item as Node).range?.[0]
    const server = readServer(item, dirname(file))
    if (!server) throw fault(`a server is an address, or an object with url, ${parts.join(', ')}`, offset)
    await requireOutputFolder(server.outputFolder, 'output', placeOf(offset ?? 0))
    servers.push(server)
  }
  return servers
}

const parts = ['headers', 'token', 'ca', 'output', 'insecure']

/** Undefined if it is no server. */
function readServer(item: unknown, folder: string): ServerOptions | undefined {
  if (isScalar(item) && typeof item.value === 'string') return { url: item.value }
  return isMap(item) ? readEntry(item.toJSON(), folder) : undefined
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every(isText)

function readEntry(entry: unknown, folder: string): ServerOptions | undefined {
  if (typeof entry !== 'object' || entry === null || !('url' in entry) || !isText(entry.url)) return undefined
  const { url, ...rest } = entry
  const server: { -readonly [Key in keyof ServerOptions]: ServerOptions[Key] } & { url: string } = { url }
  for (const [key, value] of Object.entries(rest)) {
    if (key === 'headers' && isTexts(value)) server.headers = value
    else if (key === 'token' && isText(value)) server.token = value
    else if (key === 'ca' && isText(value)) server.ca = resolve(folder, value)
    else if (key === 'output' && isText(value))
      server.outputFolder = value === noFolder ? false : resolve(folder, value)
    else if (key === 'insecure' && typeof value === 'boolean') server.insecure = value
    else return undefined
  }
  return server
}
