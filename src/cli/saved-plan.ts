import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { ComfyRunError } from '../errors.ts'
import { expectationText, parseExpectation, type Expectation } from '../expectations.ts'
import type { Job, JobUpload } from '../plan/job.ts'
import { lines } from '../plan/lines.ts'
import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  stringifyJson,
  type JsonObject,
  type JsonValue,
} from '../protocol/json.ts'
import { workflowOf } from '../workflow/parse.ts'
import { toGraph } from '../workflow/workflow.ts'

/** The version of the format of saved plans. */
const planFormat = 1
/** Lines are written together, in pieces of so many characters: there may be a million. */
const pieceLength = 2 ** 16

/** A job as a line of a saved plan, and of `plan --json`. */
export function savedJob({ index, key, name, params, uploads, expect, workflow, origin }: Job): object {
  return {
    type: 'job-planned',
    job: index,
    key,
    name,
    params,
    uploads,
    ...(expect && { expect: expect.map(expectationText) }),
    source: workflow.source,
    graph: toGraph(workflow),
    ...(workflow.uiWorkflow !== undefined && { uiWorkflow: workflow.uiWorkflow }),
    ...(origin && { origin: { file: origin.file, line: origin.line, label: origin.label } }),
  }
}

/** Saves a plan, so that exactly this can be run later: names and seeds are settled in it. Throws `disk-failed`. */
export async function savePlan(path: string, salt: string, jobs: AsyncIterable<Job>): Promise<void> {
  try {
    const file = await open(path, 'w')
    try {
      let text = `${stringifyJson({ type: 'plan', format: planFormat, salt })}\n`
      for await (const job of jobs) {
        text += `${stringifyJson(savedJob(job))}\n`
        if (text.length < pieceLength) continue
        await file.appendFile(text)
        text = ''
      }
      await file.appendFile(text)
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof ComfyRunError) throw cause
    throw new ComfyRunError('disk-failed', `the plan can't be saved: ${(cause as Error).message}`, { cause })
  }
}

/** The jobs of a saved plan, as they were. Throws `file-not-found`, `bad-row` with the line. */
export async function* readSavedPlan(path: string): AsyncGenerator<Job> {
  let isHeader = true
  for await (const { text, number } of linesOf(path)) {
    if (text === '') continue
    const entry = parse(path, number, text)
    if (!isHeader) yield jobOf(path, number, entry)
    else if (entry.type !== 'plan' || entry.format !== planFormat) throw notAPlan(path, number)
    isHeader = false
  }
  if (isHeader) throw notAPlan(path, 1)
}

async function* linesOf(path: string): AsyncGenerator<{ readonly text: string; readonly number: number }> {
  try {
    yield* lines(createReadStream(path, 'utf8') as AsyncIterable<string>)
  } catch (cause) {
    if (cause instanceof ComfyRunError) throw cause
    const message = `the plan "${path}" can't be read: ${(cause as Error).message}`
    throw new ComfyRunError('file-not-found', message, { cause })
  }
}

function parse(file: string, line: number, text: string): JsonObject {
  try {
    const entry = parseStrictJson(text)
    if (isJsonObject(entry)) return entry
  } catch {
    // Said below.
  }
  throw notAPlan(file, line)
}

function jobOf(file: string, line: number, entry: JsonObject): Job {
  const { job, key, name, params, uploads, expect, source, graph, uiWorkflow } = entry
  const isWhole =
    typeof job === 'number' && typeof key === 'string' && typeof name === 'string' && isJsonObject(graph)
  if (!isWhole) throw notAPlan(file, line)
  return {
    index: job,
    key,
    name,
    params: isJsonObject(params) ? params : {},
    uploads: uploads as unknown as readonly JobUpload[],
    ...(isJsonArray(expect) && { expect: expectationsOf(file, line, expect) }),
    workflow: workflowOf(graph, typeof source === 'string' ? source : file, uiWorkflow),
    origin: { file, line },
    // The first line is the header.
    row: line - 1,
  }
}

function expectationsOf(file: string, line: number, texts: readonly JsonValue[]): Expectation[] {
  return texts.map((text) => {
    if (typeof text !== 'string') throw notAPlan(file, line)
    return parseExpectation(text)
  })
}

function notAPlan(file: string, line: number): ComfyRunError {
  return new ComfyRunError('bad-row', 'this is not a line of a saved plan', {
    where: { file, line },
    hint: '`comfy-run plan ... --save FILE.plan.jsonl` makes one; it is not meant to be edited',
  })
}
