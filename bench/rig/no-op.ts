import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A graph that costs a server next to nothing: an image of one colour, saved. */
export function noOpGraph(color: number, size = 64): Record<string, object> {
  const image = { width: size, height: size, batch_size: 1, color }
  return {
    '1': { class_type: 'EmptyImage', inputs: image },
    '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'bench' } },
  }
}

let nextColor = Math.floor(Math.random() * 1_000_000)

/** Colours that no job had before, so that the server has nothing in its cache. */
export function freshColors(count: number): number[] {
  return Array.from({ length: count }, () => (nextColor++ * 7919) % 0x1000000)
}

/** A folder with a batch of no-op jobs: `workflow.json`, and `jobs.csv` with a colour for each. */
export function noOpBatch(colors: readonly number[], size?: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'comfy-run-bench-'))
  writeFileSync(join(folder, 'workflow.json'), JSON.stringify(noOpGraph(0, size)))
  writeFileSync(join(folder, 'jobs.csv'), ['1.color', ...colors].join('\n'))
  mkdirSync(join(folder, 'out'))
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
