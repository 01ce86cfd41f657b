import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isJsonObject, parseJson, stringifyJson, type JsonObject, type JsonValue } from '../protocol/json.ts'
import { redact } from '../secrets.ts'
import { partPath } from './part-file.ts'
import { placeFile } from './place-file.ts'

/** The first key of every sidecar, by which it is known as ours. Its value is comfy-run's version. */
const mark = 'comfyRun'

/** What a sidecar says of one file. */
export interface SidecarRecord extends JsonObject {
  /** comfy-run's version. */
  readonly comfyRun: string
  /** The key of the job that made the file. */
  readonly key: string
}

/** What is known of a file only when it is saved. */
export interface SidecarFile extends JsonObject {
  /** Its name, without folders. */
  readonly file: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
}

/**
 * Where the sidecar of a file lies: `fox.json` beside `fox.png`. `stem` is the file's path without extension. A file
 * that is JSON itself has `fox.json.json`.
 */
export function sidecarPath(stem: string, extension: string): string {
  return extension === 'json' ? `${stem}.json.json` : `${stem}.json`
}

/**
 * Writes a sidecar: `taken` if there is a file of that name which may not be replaced. One that the same job left
 * behind, for a file that was never saved, may be; with `mayReplace` any sidecar of a file of that name.
 */
export async function writeSidecar(
  path: string,
  file: SidecarFile,
  record: SidecarRecord,
  { mayReplace }: { readonly mayReplace: boolean },
): Promise<'written' | 'taken'> {
  const part = partPath(path)
  try {
    await writeFile(part, sidecarText(file, record), { flag: 'wx' })
    if (await placeFile(part, path)) return 'written'
    const standing = await readSidecar(path)
    const isReplaceable = standing?.file === file.file && (mayReplace || standing.key === record.key)
    if (!isReplaceable) return 'taken'
    await rename(part, path)
    return 'written'
  } finally {
    await rm(part, { force: true })
  }
}

/** The record as JSON without secrets; `comfyRun` comes first, then the file. */
function sidecarText(file: SidecarFile, { comfyRun, ...record }: SidecarRecord): string {
  return `${stringifyJson(clean({ comfyRun, ...file, ...record }), 2)}\n`
}

/** Without secrets in any text. Numbers beyond 2^53 become text, as most readers of JSON would round them. */
function clean(value: JsonValue): JsonValue {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(clean)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), clean(item)]))
}

/** A sidecar of ours; undefined for any other file. */
async function readSidecar(
  path: string,
): Promise<{ readonly file: JsonValue; readonly key: JsonValue } | undefined> {
  try {
    const value = parseJson(await readFile(path, 'utf8'))
    if (!isJsonObject(value) || typeof value[mark] !== 'string') return undefined
    return { file: value['file'] ?? null, key: value['key'] ?? null }
  } catch {
    return undefined
  }
}
