import { randomNumbers } from '../random-numbers.ts'
import type { FaultHooks, FaultKind } from './fault.ts'

/**
 * A fault that lets any of the passing ones happen, by chance: at each request and after each step with the given
 * probability. The seed decides which; with the same requests in the same order, the same things go wrong.
 */
export function chaosOf(kinds: readonly FaultKind[]): FaultKind {
  return {
    name: 'chaos',
    summary:
      'by chance, drawn from a seed: at each request and after each step, with this probability, one of the faults that a client can get over',
    scenario: 1,
    magnitude: { count: 1, share: 0.05 },
    times: Infinity,
    make: ({ count: seed, share }) => {
      const random = randomNumbers(`chaos ${seed}`)
      const faults = kinds
        .filter(({ isPassing }) => isPassing)
        .map((kind) => ({ name: kind.name, ...briefly(kind) }))
      const pick = <T>(among: readonly T[]): T | undefined => among[Math.floor(random() * among.length)]
      return {
        request: {
          concerns: () => true,
          async answer(asked, handle, server) {
            if (random() >= share) return handle(asked)
            const fault = pick(faults.filter(({ request }) => request?.concerns(asked)))
            if (!fault?.request) return handle(asked)
            server.note(fault.name)
            return fault.request.answer(asked, handle, server)
          },
        },
        async step(_, server) {
          const fault = random() < share ? pick(faults.filter(({ moment }) => moment)) : undefined
          if (fault) server.note(fault.name)
          await fault?.moment?.(server)
        },
      }
    },
  }
}

/** A fault as it is in chaos: waits are short, so that many fit into a run. */
function briefly({ magnitude = {}, make }: FaultKind): FaultHooks {
  const { time = 0, count = 0, share = 0, text = '' } = magnitude
  return make({ time: Math.min(time, longestWait), count, share, text })
}

const longestWait = 200
