import { stat } from 'node:fs/promises'
import type { ServerOptions } from '../comfy/server.ts'
import { ComfyRunError, type Where } from '../errors.ts'

/** Instead of a folder: there is none, and none is looked for. A folder of that name is `./none`. */
export const noFolder = 'none'

/**
 * Makes sure that what the user calls a server's output folder is a folder, or a link to one, if there is to be any. `name` is
 * the setting that says so. Throws `bad-option`.
 */
export async function requireOutputFolder(
  folder: ServerOptions['outputFolder'],
  name: string,
  where?: Where,
): Promise<void> {
  if (folder === undefined || folder === false) return
  const info = await stat(folder).catch(() => undefined)
  if (info?.isDirectory()) return
  throw new ComfyRunError('bad-option', `${name}: there is no folder ${folder}`, {
    hint: 'it is where ComfyUI saves its images; if this machine does not have it, leave it out',
    ...(where && { where }),
  })
}
