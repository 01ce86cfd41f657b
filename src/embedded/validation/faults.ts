import type { NodeId } from '../../protocol/graph.ts'
import type { JsonObject } from '../../protocol/json.ts'
import type { Writable } from '../python-json.ts'

/** One complaint about a node, as it stands in `node_errors`. */
export interface Fault {
  readonly type: string
  readonly message: string
  readonly details: string
  readonly extra_info: { readonly [key: string]: Writable }
}

/** All complaints about one node. */
export interface NodeFaults {
  readonly errors: readonly Fault[]
  /** The outputs that cannot run; ComfyUI also lists failed outputs that have nothing to do with the node. */
  readonly dependent_outputs: NodeId[]
  readonly class_type: string
}

/** A complaint about an input: `input_config` is its entry in object_info. */
export function inputFault(
  type: string,
  message: string,
  details: string,
  name: string,
  more: { readonly [key: string]: Writable } = {},
): Fault {
  return { type, message, details, extra_info: { input_name: name, ...more } }
}

/**
 * What would be an exception in Python while a node is checked: a link to nowhere, a node without inputs. The
 * node that links to it, or the output, turns it into a fault.
 */
export class CheckError extends Error {
  override readonly name = 'CheckError'
  /** Python's name for the exception, e.g. `KeyError`. */
  readonly exceptionType: string

  constructor(exceptionType: string, message: string) {
    super(message)
    this.exceptionType = exceptionType
  }

  /** The part of `extra_info` that says what was thrown. */
  get info(): JsonObject {
    return { exception_type: this.exceptionType, traceback: [] }
  }
}
