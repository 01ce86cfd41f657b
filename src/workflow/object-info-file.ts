import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { ComfyRunError, messageOf } from '../errors.ts'
import { didYouMean } from '../near-matches.ts'
import { parseJson, type JsonValue } from '../protocol/json.ts'
import { readObjectInfo, type ObjectInfo } from '../protocol/object-info.ts'
import { decodeText } from './decode-text.ts'

const howToSave = 'save it with `comfy-run doctor --save-object-info object_info.json`'

/**
 * Reads the node classes of a server from a file that holds its whole answer to `GET /object_info`. Throws
 * `file-not-found`, `file-unreadable`, `not-json`, `not-object-info`.
 */
export async function loadObjectInfo(file: string): Promise<ObjectInfo> {
  const text = decodeText(await readBytes(file), 'the object_info file', file)
  const classes = readObjectInfo(parse(text.replace(/^\uFEFF/, ''), file))
  if (classes) return classes
  throw new ComfyRunError('not-object-info', `${file} lists no node classes`, {
    hint: howToSave,
    where: { file },
  })
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const siblings = await readdir(dirname(file)).catch(() => [])
      const hint = didYouMean(basename(file), siblings) ?? howToSave
      throw new ComfyRunError('file-not-found', `there is no object_info file "${file}"`, { hint, cause })
    }
    const reason = code === 'EISDIR' ? 'it is a folder' : messageOf(cause)
    throw new ComfyRunError('file-unreadable', `the object_info file "${file}" can't be read: ${reason}`, {
      cause,
    })
  }
}

function parse(text: string, file: string): JsonValue {
  try {
    // As the server wrote it: with Python's NaN and Infinity.
    return parseJson(text)
  } catch (cause) {
    throw new ComfyRunError('not-json', `the object_info file ${file} is not JSON: ${messageOf(cause)}`, {
      hint: howToSave,
      where: { file },
      cause,
    })
  }
}
