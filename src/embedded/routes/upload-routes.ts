import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import sharp from 'sharp'
import { isJsonObject } from '../../protocol/json.ts'
import { empty, json, type Answer } from '../answer.ts'
import { annotated, folderNamed, placeIn } from '../file-place.ts'
import type { Folders } from '../node.ts'
import { parsePython } from '../python-json.ts'
import type { Request, Route } from '../router.ts'
import type { ServerState } from '../state.ts'

/** `POST /upload/image` and `/upload/mask`: files for nodes to load. Any kind of file is taken. */
export function uploadRoutes({ folders }: ServerState): Route[] {
  return [
    {
      method: 'POST',
      path: '/upload/image',
      handle: async (request) => upload(await formOf(request), folders, store),
    },
    {
      method: 'POST',
      path: '/upload/mask',
      handle: async (request) => {
        const form = await formOf(request)
        return upload(form, folders, async (path, bytes) => storeMask(path, bytes, form, folders))
      },
    },
  ]
}

type Store = (path: string, bytes: Buffer) => Promise<void>

/** The fields of a multipart body; none if the body is anything else. */
async function formOf({ headers, body }: Request): Promise<FormData> {
  const type = headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return new FormData()
  return new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
}

async function upload(form: FormData, folders: Folders, store: Store): Promise<Answer> {
  const type = field(form, 'type') ?? 'input'
  const folder = folderNamed(type, folders)
  // ComfyUI trips over an unknown type: 500.
  if (folder === undefined) throw new TypeError(`no folder ${type}`)
  const file = form.get('image')
  if (!(file instanceof File) || file.name === '') return empty(400)
  const subfolder = field(form, 'subfolder') ?? ''
  const wanted = wireName(file.name)
  const path = placeIn(folder, subfolder, wanted)
  const home = placeIn(folder, subfolder)
  if (path === undefined || home === undefined) return empty(400)
  await mkdir(home, { recursive: true })
  const bytes = Buffer.from(await file.arrayBuffer())
  const overwrite = ['true', '1'].includes(field(form, 'overwrite') ?? '')
  const { name, isThere } = overwrite ? { name: wanted, isThere: false } : await freeName(home, wanted, bytes)
  if (!isThere) await store(join(home, name), bytes)
  return json({ name, subfolder, type })
}

/** A name that is free, or that of a file with the same bytes: `x.png`, `x (1).png`, `x (2).png`. */
async function freeName(
  home: string,
  wanted: string,
  bytes: Buffer,
): Promise<{ name: string; isThere: boolean }> {
  const extension = extname(wanted)
  const stem = wanted.slice(0, wanted.length - extension.length)
  for (let copy = 0; ; copy++) {
    const name = copy === 0 ? wanted : `${stem} (${copy})${extension}`
    const existing = await readFile(join(home, name)).catch(() => undefined)
    if (existing === undefined) return { name, isThere: false }
    if (existing.equals(bytes)) return { name, isThere: true }
  }
}

/** Fails where ComfyUI does: a name with a folder that is not there. */
async function store(path: string, bytes: Buffer): Promise<void> {
  await writeFile(path, bytes)
}

/**
 * Writes the picture that `original_ref` names, with the alpha of the uploaded one. If there is no such picture
 * nothing is written, and nothing is said: ComfyUI answers 200 all the same.
 */
async function storeMask(path: string, bytes: Buffer, form: FormData, folders: Folders): Promise<void> {
  const reference = parsePython(field(form, 'original_ref') ?? '')
  if (!isJsonObject(reference)) throw new TypeError('original_ref is not an object')
  const { name, folder } = annotated(text(reference.filename))
  if (name === '' || name.startsWith('/') || name.includes('..')) return
  const home = folderNamed(folder ?? (text(reference.type) || 'output'), folders)
  const original = home && placeIn(home, text(reference.subfolder), basename(name))
  if (original === undefined) return
  const picture = await readFile(original).catch(() => undefined)
  if (picture === undefined) return
  const { data, info } = await sharp(picture)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const alpha = await sharp(bytes)
    .extractChannel('alpha')
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer()
  const masked = await sharp(data, { raw: { width, height, channels } })
    .joinChannel(alpha, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, masked)
}

/** Quotes stay escaped, as they came over the wire, and backslashes are lost: so in ComfyUI. */
function wireName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\\', '')
}

function field(form: FormData, name: string): string | undefined {
  const value = form.get(name)
  return typeof value === 'string' ? value : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
