import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this package, which has `package.json` and `workflows` in it. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

/** The program is bundled into other folders than the library lies in, so that the way up differs. */
function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder))
}
