import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { ComfyRunError } from '../errors.ts'
import { asDiskError } from './disk-error.ts'

/**
 * Makes the folder for the results, and makes sure that files can be written there: better now than after the first
 * image. Throws `folder-not-writable`.
 */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (thrown) {
    const error = asDiskError(thrown, folder)
    if (!(error instanceof ComfyRunError)) throw error
    const { message, hint, cause } = error
    throw new ComfyRunError('folder-not-writable', message, { hint, cause })
  }
}
