import { createHash } from 'node:crypto'
import type { ComfyRunError, Where } from '../errors.ts'
import { stringifyJson } from '../protocol/json.ts'
import { nodeClassNamed } from '../protocol/object-info.ts'
import { resolveAddress } from '../workflow/address.ts'
import { differences } from '../workflow/check/differences.ts'
import { findingPlaces } from '../workflow/check/finding-place.ts'
import { findingError, type Finding } from '../workflow/check/finding.ts'
import { GraphCheck } from '../workflow/check/graph-check.ts'
import type { ServerClasses } from '../workflow/check/several-servers.ts'
import { sourceText } from '../workflow/source-text.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'
import type { Job } from './job.ts'
import type { PlanOptions } from './plan-options.ts'
import type { PlannedJob } from './planned-job.ts'
import type { Row } from './row.ts'

/** Gives the node classes of the run's servers, at least those that a workflow has. */
export type ClassSource = (workflow: Workflow) => Promise<readonly ServerClasses[]>

/** A job, and what it was made of. */
interface MadeJob {
  readonly job: Pick<PlannedJob, 'base' | 'patches' | 'uploads'>
  readonly row: Row | undefined
  readonly options: PlanOptions
}

interface Sink {
  add(error: ComfyRunError): void
}

/** So many graphs are kept that the next one may be like. */
const mostAlike = 16

interface KnownWorkflow {
  readonly check: GraphCheck
  readonly placeOf: (finding: Finding) => Where
}

/**
 * Checks the graphs of a plan's jobs against the servers that are to run them: each workflow once, and of each job what it
 * sets.
 */
export class JobGraphCheck {
  readonly #classesFor: ClassSource
  readonly #known = new WeakMap<Workflow, KnownWorkflow>()
  /** Graphs that others may be like, the newest first. */
  #alike: readonly { readonly base: Workflow; readonly check: GraphCheck }[] = []

  constructor(classesFor: ClassSource) {
    this.#classesFor = classesFor
  }

  /** Tells what is wrong with a job's graph. A promise only for the first job of a workflow: jobs come by the million. */
  check(made: MadeJob, errors: Sink, warnings: Sink): void | Promise<void> {
    const known = this.#known.get(made.job.base)
    if (known) return tell(known, made, errors, warnings)
    return this.#know(made.job.base).then((found) => tell(found, made, errors, warnings))
  }

  /** What is wrong with the graph of a job of which only the graph is known, as of those of a saved plan. */
  async findings({ workflow, uploads }: Pick<Job, 'workflow' | 'uploads'>): Promise<readonly Finding[]> {
    const filled = uploads.flatMap(({ targets }) => targets)
    // They mostly differ in a few values, and to check these takes a fraction of the time.
    for (const { base, check } of this.#alike) {
      const patches = differences(base, workflow)
      if (patches) return check.findings(patches, filled)
    }
    const check = new GraphCheck(workflow, await this.#classesFor(workflow))
    this.#alike = [{ base: workflow, check }, ...this.#alike.slice(0, mostAlike - 1)]
    return check.findings([], filled)
  }

  /**
   * A hash of what the graphs of a workflow's jobs are checked against: the node classes that it has, of each server. The
   * same classes find the same things in the same graphs.
   */
  async classesHash(workflow: Workflow): Promise<string> {
    const types = new Set(Array.from(workflow.nodes.values(), ({ classType }) => classType))
    const servers = await this.#classesFor(workflow)
    const classes = servers.map(({ objectInfo, isLive }) => [
      isLive,
      Array.from(types, (type) => [type, nodeClassNamed(objectInfo, type) ?? null]),
    ])
    return createHash('sha256').update(stringifyJson(classes)).digest('hex')
  }

  async #know(workflow: Workflow): Promise<KnownWorkflow> {
    const check = new GraphCheck(workflow, await this.#classesFor(workflow))
    const placeOf = findingPlaces(await sourceText(workflow.source), workflow.source)
    const known = { check, placeOf }
    this.#known.set(workflow, known)
    return known
  }
}

function tell({ check, placeOf }: KnownWorkflow, made: MadeJob, errors: Sink, warnings: Sink): void {
  const { patches, uploads } = made.job
  const filled = uploads.length === 0 ? undefined : uploads.flatMap(({ targets }) => targets)
  for (const finding of check.findings(patches, filled)) {
    const sink = finding.severity === 'error' ? errors : warnings
    sink.add(findingError(finding, settingPlace(made, finding) ?? placeOf(finding)))
  }
}

/** Where the value stands that a row or an option has set; undefined for one that is the workflow's own. */
function settingPlace({ job, row, options }: MadeJob, { node, input }: Finding): Where | undefined {
  const isTarget = (target: InputRef): boolean => target.node === node && target.input === input
  if (!job.patches.some(({ target }) => isTarget(target))) return undefined
  const sets = (address: string): boolean => {
    try {
      return resolveAddress(job.base, address).some(isTarget)
    } catch {
      // A column that is no input.
      return false
    }
  }
  const cells = row?.cells ?? []
  const own = cells.find(({ key, shared }) => !shared && sets(key))
  const option = options.defaults.findLast(({ address, where }) => where && sets(address))
  return own?.where ?? option?.where ?? cells.find(({ key }) => sets(key))?.where ?? row?.origin
}
