import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import sharp from 'sharp'
import { empty, type Answer } from '../answer.ts'
import { disposition, fileAnswer } from '../file-answer.ts'
import { annotated, folderNamed, placeIn } from '../file-place.ts'
import type { Folders } from '../node.ts'
import type { Request, Route } from '../router.ts'
import type { ServerState } from '../state.ts'

/** `GET /view`: the bytes of a file, or a smaller form of a picture. */
export function viewRoutes({ folders }: ServerState): Route[] {
  return [{ method: 'GET', path: '/view', handle: async (request) => view(request, folders) }]
}

async function view(request: Request, folders: Folders): Promise<Answer> {
  const { query } = request
  const asked = query.get('filename')
  if (asked === null) return empty(404)
  const { name, folder: annotation } = annotated(asked)
  if (name === '' || name.startsWith('/') || name.includes('..')) return empty(400)
  const folder = folderNamed(annotation ?? query.get('type') ?? 'output', folders)
  if (folder === undefined) return empty(400)
  // Only the last part of the name counts: folders go into `subfolder`.
  const filename = basename(name)
  const path = placeIn(folder, query.get('subfolder') ?? '', filename)
  if (path === undefined) return empty(403)
  if (!(await isFile(path))) return empty(404)
  const preview = query.get('preview')
  if (preview !== null) return previewOf(path, filename, preview)
  const channel = query.get('channel')
  if (channel === 'rgb' || channel === 'a') return channelOf(path, filename, channel)
  return fileAnswer(path, filename, request)
}

/** `webp` or `jpeg`, with a quality behind a semicolon: `webp;50`. */
async function previewOf(path: string, filename: string, wanted: string): Promise<Answer> {
  const [name, digits] = wanted.split(';')
  const format = name === 'jpeg' ? 'jpeg' : 'webp'
  const quality = Number(digits ?? 90)
  const image = sharp(path)
  const body =
    format === 'jpeg'
      ? await image.flatten().jpeg({ quality }).toBuffer()
      : await image.webp({ quality }).toBuffer()
  return pictureAnswer(body, filename, `image/${format}`)
}

/** The colours without the mask, or the mask as the alpha of a black picture. */
async function channelOf(path: string, filename: string, channel: 'rgb' | 'a'): Promise<Answer> {
  const image = sharp(path)
  if (channel === 'rgb') {
    return pictureAnswer(await image.removeAlpha().png().toBuffer(), filename, 'image/png')
  }
  const alpha = await image.ensureAlpha().extractChannel('alpha').raw().toBuffer({ resolveWithObject: true })
  const { width, height } = alpha.info
  const black = { width, height, channels: 3, background: 'black' } as const
  const body = await sharp({ create: black })
    .joinChannel(alpha.data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()
  return pictureAnswer(body, filename, 'image/png')
}

function pictureAnswer(body: Buffer, filename: string, type: string): Answer {
  return {
    status: 200,
    headers: { 'content-disposition': disposition(filename), 'content-type': type },
    body,
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
