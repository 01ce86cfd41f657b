import type { ComfyServer } from '../../comfy/server.ts'
import type { Job } from '../../plan/job.ts'
import type { NodeClass } from '../../protocol/object-info.ts'
import { choiceKind } from '../../workflow/check/file-choices.ts'
import { inputForms } from '../../workflow/check/input-forms.ts'

type Choices = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Knows which jobs a server can run: it must have the node classes of a job, and the models, samplers and other
 * listed values that the job names. Asks the server for each class once.
 */
export class Fitness {
  readonly #server: Pick<ComfyServer, 'nodeClass'>
  readonly #onKnown: () => void
  /** By class: the values that its listed inputs take. Undefined for a class that the server lacks. */
  readonly #classes = new Map<string, Choices | undefined>()
  readonly #asked = new Set<string>()
  /** What was found out of jobs that wait: with many servers each is asked about again and again. */
  readonly #found = new WeakMap<Job, boolean>()

  /** `onKnown` is called when an answer that was undefined may be known. */
  constructor(server: Pick<ComfyServer, 'nodeClass'>, onKnown: () => void) {
    this.#server = server
    this.#onKnown = onKnown
  }

  /** Whether the server can run the job; undefined while that is being asked. */
  has(job: Job): boolean | undefined {
    const before = this.#found.get(job)
    if (before !== undefined) return before
    const found = this.#check(job)
    if (found !== undefined) this.#found.set(job, found)
    return found
  }

  #check(job: Job): boolean | undefined {
    const uploaded = new Set(
      job.uploads.flatMap(({ targets }) => targets.map(({ node, input }) => `${node}\0${input}`)),
    )
    let isKnown = true
    for (const [id, { classType, inputs }] of job.workflow.nodes) {
      if (!this.#classes.has(classType)) {
        this.#ask(classType)
        isKnown = false
        continue
      }
      const choices = this.#classes.get(classType)
      if (!choices) return false
      for (const [input, values] of choices) {
        const value = inputs[input]
        if (typeof value === 'string' && !values.has(value) && !uploaded.has(`${id}\0${input}`)) return false
      }
    }
    return isKnown ? true : undefined
  }

  #ask(classType: string): void {
    if (this.#asked.has(classType)) return
    this.#asked.add(classType)
    this.#server
      .nodeClass(classType)
      .then((found) => this.#classes.set(classType, found && choicesOf(found)))
      // Whoever can't be asked will say in other ways that it is out of reach: no job is kept from it for that.
      .catch(() => this.#classes.set(classType, new Map()))
      .finally(this.#onKnown)
  }
}

/** The lists of models and plain values. Files of the input folder are not among them: we put them there. */
function choicesOf(nodeClass: NodeClass): Choices {
  const listed = [...inputForms(nodeClass, {}).forms.values()].filter(
    (form) => form.choices !== undefined && choiceKind(form, '') !== 'input-file',
  )
  return new Map(listed.map(({ name, choices = [] }) => [name, new Set(choices.map(String))]))
}
