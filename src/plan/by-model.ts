import { stringifyJson } from '../protocol/json.ts'
import type { InputRef } from '../workflow/workflow.ts'
import type { Job } from './job.ts'
import { knownInputs } from './known-inputs.ts'
import type { PlannedJob } from './planned-job.ts'

/** With more models than this, jobs stay in the order of their rows: the plan is walked once for each model. */
export const mostModels = 16

/** What a job samples with, as a text that is the same for the same models. */
export function modelOf(job: PlannedJob): string {
  const { models } = knownInputs(job.base)
  const nameOf = (input: InputRef): string => {
    const value = job.inputValue(input)
    return typeof value === 'string' ? value : stringifyJson(value ?? null)
  }
  // Nearly all workflows have one.
  return models.length === 1 && models[0] ? nameOf(models[0]) : models.map(nameOf).join('\u0000')
}

/**
 * The jobs of a plan with those of one model together, so that a server loads each only once: it keeps none that the
 * newest prompt does not use. `walk` gives all jobs anew at each call; `models` are those of `checkPlan`. Jobs of one
 * model keep their order.
 */
export function jobsByModel(
  walk: () => AsyncIterable<PlannedJob>,
  models: readonly string[],
): AsyncIterable<Job> {
  return models.length < 2 || models.length >= mostModels ? walk() : modelAfterModel(walk, models)
}

async function* modelAfterModel(
  walk: () => AsyncIterable<PlannedJob>,
  models: readonly string[],
): AsyncGenerator<Job> {
  for (const model of models) {
    for await (const job of walk()) if (modelOf(job) === model) yield job
  }
}
