import type { WebSocket } from 'ws'
import type { Answer } from '../answer.ts'
import type { Handle, Hooks, NodeCall, Outgoing } from '../hooks.ts'
import type { Outcome, QueueItem } from '../item.ts'
import type { NodeResult } from '../node.ts'
import type { Step } from '../node-context.ts'
import type { Asked } from '../router.ts'
import type { Fault, FaultHooks, Place, Victim } from './fault.ts'

/** A fault on duty. */
interface Armed extends Fault {
  readonly hooks: FaultHooks
  happened: number
  /** How many of the requests that it is about have come. */
  requests: number
}

/** Lets the faults that were asked for happen, each at its place and as often as it should. */
export class Injector implements Hooks {
  /** How often each fault has happened, by its name. */
  readonly seen = new Map<string, number>()
  readonly #faults: readonly Armed[]
  #server!: Victim
  /** Prompts begun so far, and steps of the present one. */
  #jobs = 0
  #step = 0

  constructor(faults: readonly Fault[]) {
    this.#faults = faults.map((fault) => ({
      ...fault,
      hooks: fault.kind.make(fault.magnitude),
      happened: 0,
      requests: 0,
    }))
  }

  /** Says which server is meant; before it gets anything to do. */
  attach(server: Omit<Victim, 'note'>): void {
    this.#server = {
      get life() {
        return server.life
      },
      restart: async (downMilliseconds) => server.restart(downMilliseconds),
      note: (name) => this.#note(name),
    }
  }

  async request(asked: Asked, handle: Handle): Promise<Answer> {
    await this.#moment('request')
    // The first fault is the outermost.
    let next = handle
    for (const fault of this.#faults.toReversed()) {
      const { request } = fault.hooks
      if (!request) continue
      const inner = next
      next = async (inside) =>
        request.concerns(inside) && this.#isDue(fault, true)
          ? request.answer(inside, inner, this.#server)
          : inner(inside)
    }
    return next(asked)
  }

  upgrade(asked: Asked): Asked | number {
    let taken: Asked | number = asked
    for (const fault of this.#faults) {
      const { upgrade } = fault.hooks
      if (!upgrade || typeof taken === 'number' || !this.#isDue(fault, true)) continue
      taken = upgrade(taken)
    }
    return taken
  }

  opened(socket: WebSocket): void {
    for (const fault of this.#faults) if (fault.hooks.opened && this.#isDue(fault)) fault.hooks.opened(socket)
  }

  send(outgoing: Outgoing): readonly Outgoing[] {
    let all: readonly Outgoing[] = [outgoing]
    for (const fault of this.#faults) {
      const { message } = fault.hooks
      if (!message) continue
      all = all.flatMap((one) =>
        message.concerns(one) && this.#isDue(fault) ? message.replace(one, this.#server) : [one],
      )
    }
    return all
  }

  async begin(item: QueueItem): Promise<void> {
    this.#jobs += 1
    this.#step = 0
    await this.#moment('job')
    for (const fault of this.#faults) {
      if (fault.hooks.begin && this.#isDue(fault)) await fault.hooks.begin(item, this.#server)
    }
  }

  async node(call: NodeCall): Promise<NodeResult | undefined> {
    for (const fault of this.#faults) {
      const { node } = fault.hooks
      if (node?.concerns(call) && this.#isDue(fault)) return node.run(call, this.#server)
    }
    return undefined
  }

  async step(step: Step): Promise<void> {
    this.#step = step.step
    await this.#moment('step')
    for (const fault of this.#faults) {
      if (fault.hooks.step && this.#isDue(fault)) await fault.hooks.step(step, this.#server)
    }
  }

  async end(item: QueueItem, outcome: Outcome): Promise<Outcome> {
    let changed = outcome
    for (const fault of this.#faults) {
      if (fault.hooks.end && this.#isDue(fault)) changed = await fault.hooks.end(item, changed, this.#server)
    }
    return changed
  }

  recorded(item: QueueItem): void {
    for (const fault of this.#faults) {
      if (fault.hooks.recorded && this.#isDue(fault)) fault.hooks.recorded(item, this.#server)
    }
  }

  async #moment(kind: 'request' | 'step' | 'job'): Promise<void> {
    for (const fault of this.#faults) {
      const { moment } = fault.hooks
      if (moment && finest(fault.place) === kind && this.#isDue(fault, kind === 'request')) {
        await moment(this.#server)
      }
    }
  }

  /** Whether a fault is to happen now; then it counts as happened. */
  #isDue(fault: Armed, isRequest = false): boolean {
    if (isRequest) fault.requests += 1
    const { job = 0, every, step, request = 0 } = fault.place
    const isThere =
      this.#jobs >= job &&
      (every === undefined || (this.#jobs > 0 && this.#jobs % every === 0)) &&
      (step === undefined || this.#isAtStep(fault, step)) &&
      fault.requests >= request
    if (!isThere || fault.happened >= fault.times) return false
    fault.happened += 1
    this.#note(fault.kind.name)
    return true
  }

  #note(name: string): void {
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1)
  }

  /** What happens at a moment happens at that very step, everything else from then on. */
  #isAtStep({ hooks, place }: Armed, step: number): boolean {
    return hooks.moment && finest(place) === 'step' ? this.#step === step : this.#step >= step
  }
}

/** Which kind of event brings a fault to its place. */
function finest({ request, step }: Place): 'request' | 'step' | 'job' {
  return request !== undefined ? 'request' : step !== undefined ? 'step' : 'job'
}
