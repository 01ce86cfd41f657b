import type { ImageValue, Frame } from '../../../src/embedded/nodes/values.ts'
import type { GraphRun } from './run-graph.ts'
import { linked } from '../../../src/embedded/nodes/values.ts'

/** A picture from its rows; each dot is grey, from 0 to 255. */
export function greyFrame(rows: ReadonlyArray<readonly number[]>): Frame {
  const data = Buffer.from(rows.flat().flatMap((value) => [value, value, value]))
  return { width: rows[0]?.length ?? 0, height: rows.length, channels: 3, data }
}

/** The red channel of a picture, row by row. */
export function reds(frame: Frame): number[][] {
  return Array.from({ length: frame.height }, (_, y) =>
    Array.from(
      { length: frame.width },
      (_, x) => frame.data[(y * frame.width + x) * frame.channels] ?? Number.NaN,
    ),
  )
}

/** The image that a node of a run gave as its first output. */
export function imageOf(run: GraphRun, node: string): ImageValue {
  return linked('image', run.results.get(node)?.outputs[0])
}

/** A node of a graph, in short. */
export function node(class_type: string, inputs: Record<string, string | number | boolean | Link>) {
  return { class_type, inputs }
}

type Link = readonly [string, number]
