import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { folderOf } from './folder.ts'

/** Ends in a few milliseconds: no model, one picture of one colour. */
export const quickWorkflow = {
  1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 255 } },
  2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'quick' } },
}

/** Writes so many jobs of a few milliseconds. Returns the arguments that run them on a server, into `out`. */
export function quickJobs(t: TestContext, jobs: number, url: string): string[] {
  writeFileSync(join(folderOf(t), 'quick.json'), JSON.stringify(quickWorkflow))
  const rows = Array.from({ length: jobs }, (_, color) => `c${color},${color}`)
  writeFileSync(join(folderOf(t), 'colors.csv'), ['name,1.color', ...rows].join('\n'))
  return ['batch', 'colors.csv', '--workflow', 'quick.json', '-o', 'out', '--server', url]
}
