import type { WebSocket } from 'ws'
import type { Answer } from '../answer.ts'
import type { Handle, NodeCall, Outgoing } from '../hooks.ts'
import type { Outcome, QueueItem } from '../item.ts'
import type { ServerLife } from '../life.ts'
import type { NodeResult } from '../node.ts'
import type { Step } from '../node-context.ts'
import type { Asked } from '../router.ts'

/** What the user may say behind the name, by kind; a fault has at most one of each. */
export interface Magnitude {
  /** Milliseconds: `800ms`, `2s`. */
  readonly time: number
  /** 0 to 1: `50%`, `0.5`. */
  readonly share: number
  /** A whole number, e.g. the seed of chaos. */
  readonly count: number
  readonly text: string
}

/**
 * Where a fault may happen; all that are given must hold. Counts begin at 1 and go on over restarts of the server.
 */
export interface Place {
  /** From the moment on when the server begins its Nth prompt. */
  readonly job?: number
  /** At every Nth prompt, when the server begins it. */
  readonly every?: number
  /** After the Nth step of a prompt. */
  readonly step?: number
  /** From the Nth on of the requests that the fault is about. */
  readonly request?: number
}

/** The server as faults see it. */
export interface Victim {
  /** What runs now; another one after a restart. */
  readonly life: ServerLife
  /** Kills it and starts it again. */
  restart(downMilliseconds?: number): Promise<void>
  /** Counts a fault as happened, for faults that let others happen. */
  note(name: string): void
}

/** What a fault does. `concerns` says whether it is about something; what it is not about does not count. */
export interface FaultHooks {
  /** Something happens at the fault's place. */
  readonly moment?: (server: Victim) => Promise<void> | void
  readonly request?: {
    concerns(asked: Asked): boolean
    answer(asked: Asked, handle: Handle, server: Victim): Promise<Answer>
  }
  readonly upgrade?: (asked: Asked) => Asked | number
  readonly opened?: (socket: WebSocket) => void
  readonly message?: {
    concerns(outgoing: Outgoing): boolean
    replace(outgoing: Outgoing, server: Victim): readonly Outgoing[]
  }
  readonly begin?: (item: QueueItem, server: Victim) => Promise<void>
  readonly node?: {
    concerns(call: NodeCall): boolean
    run(call: NodeCall, server: Victim): Promise<NodeResult | undefined>
  }
  readonly step?: (step: Step, server: Victim) => Promise<void>
  readonly end?: (item: QueueItem, outcome: Outcome, server: Victim) => Promise<Outcome>
  readonly recorded?: (item: QueueItem, server: Victim) => void
}

/** A fault that can be asked for. */
export interface FaultKind {
  readonly name: string
  /** What happens, for docs/faults.md. */
  readonly summary: string
  /** The scenario of the protocol notes' appendix B that it belongs to. */
  readonly scenario: number
  /** What may be said about it, with the values if nothing is said. */
  readonly magnitude?: Partial<Magnitude>
  /** Where it happens if nothing is said. Default: at once. */
  readonly place?: Place
  /** How often it happens if nothing is said. Default 1. */
  readonly times?: number
  /** A client can get over it, so that it may come up in chaos. */
  readonly isPassing?: boolean
  /** Called once for each fault that is asked for. */
  readonly make: (magnitude: Magnitude) => FaultHooks
}

/** A fault as it was asked for. */
export interface Fault {
  readonly kind: FaultKind
  readonly place: Place
  /** How often it happens; `Infinity` for always. */
  readonly times: number
  readonly magnitude: Magnitude
}
