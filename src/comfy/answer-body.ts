import { ComfyRunError } from '../errors.ts'

/** How slow an answer may be. */
export interface Patience {
  /** Milliseconds that a server may be silent: before an answer begins, and within it. */
  readonly silence: number
}

/** A line that is slower than this, in bytes per second, is as good as dead: modems were quicker. */
const slowestRate = 512

/** Answers that are no files must be there whole after so many times the longest silence. */
const longestInSilences = 5

/** Interim answers (`100 Continue`, `103 Early Hints`) that one request may get: each would put off its time limit. */
const mostInterimAnswers = 20

/** For undici's `onInfo`: throws, which ends the request, when a server never comes to its real answer. */
export function interimLimit(): () => void {
  let count = 0
  return () => {
    count += 1
    if (count > mostInterimAnswers) throw new Error('it keeps us waiting with interim answers')
  }
}

/**
 * The chunks of a body, as long as they come in earnest: a server that sends a byte now and then is never silent, and
 * would hold us for ever. Throws `server-unreachable`; what the network layer throws at silence is passed on.
 */
export async function* steady(
  body: AsyncIterable<Uint8Array>,
  server: string,
  { silence }: Patience,
): AsyncGenerator<Uint8Array> {
  let since = performance.now()
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    yield chunk
    const passed = performance.now() - since
    if (passed < silence) continue
    if (bytes < (slowestRate * passed) / 1000) {
      throw tooSlow(server, `only ${bytes} bytes came in ${seconds(passed)}`)
    }
    since = performance.now()
    bytes = 0
  }
}

/**
 * The whole text of a body. Throws `answer-too-large` at more than `mostBytes`, and `server-unreachable` if it takes
 * five times the longest silence.
 */
export async function wholeText(
  body: AsyncIterable<Uint8Array>,
  server: string,
  { silence, mostBytes }: Patience & { readonly mostBytes: number },
): Promise<string> {
  const began = performance.now()
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop early ends the connection: what else may come is not read.
  for await (const chunk of body) {
    length += chunk.length
    if (length > mostBytes) {
      throw new ComfyRunError(
        'answer-too-large',
        `${server} sends more than ${mostBytes / 2 ** 20} MB where a short answer belongs`,
        {
          hint: 'something else than ComfyUI may answer there, or its queue and history have grown too long',
        },
      )
    }
    const passed = performance.now() - began
    if (passed > silence * longestInSilences) {
      throw tooSlow(server, `its answer was not whole after ${seconds(passed)}`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooSlow(server: string, why: string): ComfyRunError {
  return new ComfyRunError('server-unreachable', `${server} is too slow: ${why}`, {
    hint: 'if the line is that slow, give it more time with --answer-timeout',
  })
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`
}
