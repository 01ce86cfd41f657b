import { rename, writeFile } from 'node:fs/promises'
import type { Access } from '../comfy/access.ts'
import { fetchObjectInfoText } from '../comfy/node-classes.ts'
import { ComfyRunError, messageOf } from '../errors.ts'

/**
 * Saves a server's whole answer to `GET /object_info` as it is, for `--object-info`; a file of that name is replaced.
 * Throws `disk-failed`, and what asking the server throws.
 */
export async function saveObjectInfo(
  access: Access,
  file: string,
): Promise<{ readonly classes: number; readonly bytes: number }> {
  const { text, classes } = await fetchObjectInfoText(access)
  const part = `${file}.part`
  try {
    await writeFile(part, text)
    await rename(part, file)
  } catch (cause) {
    throw new ComfyRunError('disk-failed', `the node classes can't be saved: ${messageOf(cause)}`, { cause })
  }
  return { classes: Object.keys(classes).length, bytes: Buffer.byteLength(text) }
}
