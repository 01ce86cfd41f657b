import { randomInt, randomUUID } from 'node:crypto'
import type { Graph } from './work.ts'

/** When the server began and ended a prompt, by its own clock, in milliseconds. */
export interface PromptTimes {
  readonly start: number
  readonly end: number
}

interface HistoryEntry {
  /** Number, id, graph, and more. */
  readonly prompt: readonly [number, string, Graph, ...unknown[]]
  readonly status?: { readonly messages?: readonly (readonly [string, { readonly timestamp?: number }])[] }
}

/** The server's own times of its newest prompts, in the order in which they ran. */
export async function promptTimes(url: string, count: number): Promise<PromptTimes[]> {
  return (await newest(url, count))
    .map(({ status }) => {
      const at = (type: string): number =>
        status?.messages?.find(([name]) => name === type)?.[1].timestamp ?? Number.NaN
      return { start: at('execution_start'), end: at('execution_success') }
    })
    .toSorted((a, b) => a.start - b.start)
}

/** The graphs of the server's newest prompts, each with another seed and prefix: as much work again. */
export async function graphsAnew(url: string, count: number): Promise<Graph[]> {
  const fresh = { seed: () => randomInt(2 ** 47), filename_prefix: () => `bench-${randomUUID()}/image` }
  return (await newest(url, count)).map(({ prompt: [, , graph] }) =>
    Object.fromEntries(
      Object.entries(graph).map(([id, node]) => {
        const changed = Object.entries(fresh).filter(([name]) => name in node.inputs)
        const inputs = Object.fromEntries(changed.map(([name, value]) => [name, value()]))
        return [id, { ...node, inputs: { ...node.inputs, ...inputs } }]
      }),
    ),
  )
}

async function newest(url: string, count: number): Promise<HistoryEntry[]> {
  const answer = await fetch(`${url}/history?max_items=${count}`)
  // The type is the protocol's: history is an object of entries by prompt id.
  return Object.values((await answer.json()) as Record<string, HistoryEntry>)
}

/** The pauses between one prompt's end and the next one's start, in milliseconds. */
export function gaps(times: readonly PromptTimes[]): number[] {
  return times.slice(1).map(({ start }, index) => start - (times[index]?.end ?? Number.NaN))
}
