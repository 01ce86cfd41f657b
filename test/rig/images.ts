import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { folderOf } from './folder.ts'

/** The names of the files in a sub-folder of the test's folder, sorted; hidden ones count. Empty if there is none. */
export function imagesIn(t: TestContext, folder: string): string[] {
  try {
    return readdirSync(join(folderOf(t), folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort()
  } catch {
    return []
  }
}
