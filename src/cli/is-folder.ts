import { stat } from 'node:fs/promises'

/** Whether there is a folder of that name, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  )
}
