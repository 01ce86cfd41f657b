import { randomInt, randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

/** A graph as JSON. */
export type Graph = Readonly<Record<string, { readonly class_type: string; readonly inputs: object }>>

/** Jobs that are all different, so that the server has none in its cache. */
export interface Work {
  /** One for each job, for clients that post graphs. */
  readonly graphs: readonly Graph[]
  /**
   * Has the jobs for comfy-run: `workflow.json`, and `jobs.csv` with what differs; and for other programs the graphs, in
   * `graphs.json`. Empty: `out`.
   */
  readonly folder: string
}

/** Jobs whose results differ in one value. */
export interface Kind {
  /** Of what the values are, e.g. `1.color`. */
  readonly address: string
  /** So many values that no job had before. */
  readonly values: (count: number) => readonly number[]
  readonly graph: (value: number, prefix: string) => Graph
}

/** Makes jobs. Each time they save to another folder of the server: what lies in it already would slow it. */
export function makeWork({ address, values, graph }: Kind, count: number): Work {
  const folder = temporaryFolder()
  const all = values(count)
  const prefix = `bench-${randomUUID()}/image`
  const graphs = all.map((value) => graph(value, prefix))
  writeFileSync(join(folder, 'workflow.json'), JSON.stringify(graphs[0]))
  writeFileSync(join(folder, 'jobs.csv'), [address, ...all].join('\n'))
  writeFileSync(join(folder, 'graphs.json'), JSON.stringify(graphs))
  mkdirSync(join(folder, 'out'))
  return { graphs, folder }
}

let nextColor = randomInt(1_000_000)

/** Jobs that cost a server next to nothing: an image of one colour, saved. */
export const noOps: Kind = {
  address: '1.color',
  values: (count) => Array.from({ length: count }, () => (nextColor++ * 7919) % 0x1000000),
  graph: (color, prefix) => ({
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color } },
    '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: prefix } },
  }),
}

/** As many prompts, in a file of its own: for the default workflow of `batch`. */
export function promptsFolder(count: number): string {
  const folder = temporaryFolder()
  const prompts = Array.from({ length: count }, (_, index) => `fox ${index} ${randomUUID()}`)
  writeFileSync(join(folder, 'shots.csv'), ['prompt', ...prompts].join('\n'))
  mkdirSync(join(folder, 'out'))
  return folder
}
