import { ComfyRunError, type Where } from '../errors.ts'
import { didYouMean } from '../near-matches.ts'
import { resolveAddress } from '../workflow/address.ts'
import { roleNames } from '../workflow/roles.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'
import { inputKey } from './known-inputs.ts'
import type { Setting } from './row.ts'

/** Columns that say something about the job and not about an input. */
export const jobColumns = ['name', 'count', 'workflow', 'expect', 'lora'] as const

/** A setting as a layer holds it. */
export interface LayerSetting extends Setting {
  /** The folder that relative paths in its value start from. */
  readonly folder: string
  /** Where its address stands, if not beside its value. */
  readonly addressWhere?: Where
}

/** A setting that is in force, and the inputs it is in force for. */
export interface Assignment {
  readonly setting: LayerSetting
  readonly targets: readonly InputRef[]
}

/** Receives errors that must not keep others from being found. */
export type Report = (error: ComfyRunError) => void

/**
 * Runs `work`; a ComfyRunError is reported, at `where()` if it has no place, and undefined is given. `where` is a
 * function, as places are costly and only read for messages.
 */
export function attempt<T>(report: Report, work: () => T, where: () => Where | undefined): T | undefined {
  try {
    return work()
  } catch (error) {
    report(located(error, where))
    return undefined
  }
}

/** A ComfyRunError, at `where()` if it has no place. Throws anything else again. */
export function located(error: unknown, where: () => Where | undefined): ComfyRunError {
  if (!(error instanceof ComfyRunError)) throw error
  const place = error.where ?? where()
  return place ? error.at(place) : error
}

/** Finds the inputs that addresses name, once for each address: they are the same in every row. */
export class Addresses {
  readonly #workflow: Workflow
  readonly #found = new Map<string, readonly InputRef[] | ComfyRunError>()

  constructor(workflow: Workflow) {
    this.#workflow = workflow
  }

  /** Throws what `resolveAddress` throws. */
  resolve(address: string): readonly InputRef[] {
    const found = this.#found.get(address) ?? this.#find(address)
    this.#found.set(address, found)
    if (found instanceof ComfyRunError) throw found
    return found
  }

  /** Whether an address names any inputs. */
  has(address: string): boolean {
    const found = this.#found.get(address) ?? this.#find(address)
    this.#found.set(address, found)
    return !(found instanceof ComfyRunError)
  }

  #find(address: string): readonly InputRef[] | ComfyRunError {
    try {
      return resolveAddress(this.#workflow, address)
    } catch (error) {
      if (error instanceof ComfyRunError) return error
      throw error
    }
  }
}

/** What `assign` found. */
export interface Assigned {
  readonly assignments: readonly Assignment[]
  /** Whether the addresses alone decided it, and nothing was wrong: other settings of these addresses go the same way. */
  readonly isByAddress: boolean
}

/**
 * Decides which setting each input gets. A later layer wins over an earlier one, input by input; within a layer
 * two settings of different value for one input are an error (`bad-row` for cells, else `bad-option`).
 */
export function assign(
  addresses: Addresses,
  layers: readonly (readonly LayerSetting[])[],
  report: Report,
): Assigned {
  let isByAddress = true
  const winners = new Map<string, { setting: LayerSetting; target: InputRef }>()
  for (const layer of layers) {
    const inLayer = new Map<string, LayerSetting>()
    for (const setting of layer) {
      const targets = attempt(
        (error) => {
          isByAddress = false
          report(withColumnHint(error, setting))
        },
        () => addresses.resolve(setting.address),
        () => setting.addressWhere ?? setting.where,
      )
      for (const target of targets ?? []) {
        const key = inputKey(target)
        const rival = inLayer.get(key)
        if (rival) isByAddress = false
        if (rival && rival.value !== setting.value) report(conflict(rival, setting, target))
        inLayer.set(key, setting)
        winners.set(key, { setting, target })
      }
    }
  }
  const assignments = new Map<LayerSetting, InputRef[]>()
  for (const { setting, target } of winners.values()) {
    const targets = assignments.get(setting)
    if (targets) targets.push(target)
    else assignments.set(setting, [target])
  }
  return {
    assignments: Array.from(assignments, ([setting, targets]) => ({ setting, targets })),
    isByAddress,
  }
}

/** A column that is no input may be a misspelt one, or one that was meant for names only. */
function withColumnHint(error: ComfyRunError, { address, addressWhere }: LayerSetting): ComfyRunError {
  if (addressWhere === undefined || error.code !== 'unknown-address' || address.includes('.')) return error
  const hint =
    didYouMean(address, [...jobColumns, ...roleNames]) ??
    `a column that is only for names and records is called row.${address}, or listed with --meta ${address}`
  return new ComfyRunError(error.code, error.message, {
    hint,
    where: error.where,
    details: error.details,
    cause: error.cause,
  })
}

function conflict(first: LayerSetting, second: LayerSetting, target: InputRef): ComfyRunError {
  const code = second.addressWhere ? 'bad-row' : 'bad-option'
  return new ComfyRunError(
    code,
    `${first.address} and ${second.address} both set ${target.node}.${target.input}, to different values`,
    { hint: 'leave one of them out', ...(second.where && { where: second.where }) },
  )
}
