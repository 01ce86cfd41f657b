import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []
process.once('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/**
 * Makes a folder that is removed when the bench ends, not before: for some seconds ext4 looks through what was removed
 * whenever a file is made, which takes ten times as long then, for the server, too.
 */
export function temporaryFolder(parent: string = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'comfy-run-bench-'))
  made.push(folder)
  return folder
}
