/** When the server began and ended a prompt, by its own clock, in milliseconds. */
export interface PromptTimes {
  readonly start: number
  readonly end: number
}

interface HistoryEntry {
  readonly status?: { readonly messages?: readonly (readonly [string, { readonly timestamp?: number }])[] }
}

/** The server's own times of its newest prompts, in the order in which they ran. */
export async function promptTimes(url: string, count: number): Promise<PromptTimes[]> {
  const answer = await fetch(`${url}/history?max_items=${count}`)
  // The type is the protocol's: history is an object of entries by prompt id.
  const history = (await answer.json()) as Record<string, HistoryEntry>
  return Object.values(history)
    .map(({ status }) => {
      const at = (type: string): number =>
        status?.messages?.find(([name]) => name === type)?.[1].timestamp ?? Number.NaN
      return { start: at('execution_start'), end: at('execution_success') }
    })
    .toSorted((a, b) => a.start - b.start)
}

/** The pauses between one prompt's end and the next one's start, in milliseconds. */
export function gaps(times: readonly PromptTimes[]): number[] {
  return times.slice(1).map(({ start }, index) => start - (times[index]?.end ?? Number.NaN))
}
