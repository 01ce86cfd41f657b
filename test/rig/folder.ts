import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

const folders = new WeakMap<TestContext, string>()

/** A folder of the test's own, where its commands run; removed with the test. */
export function folderOf(t: TestContext): string {
  let folder = folders.get(t)
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'comfy-run-test-'))
    t.after(() => rmSync(made, { recursive: true, force: true }))
    folders.set(t, made)
    folder = made
  }
  return folder
}
