import type { FileSaved, JobFinished } from '../events.ts'
import { fillTemplate, parseTemplate, type Template } from '../templates.ts'

const placeholders = ['path', 'name', 'job', 'seed', 'seconds', 'server', 'kind', 'bytes'] as const

/** What is put out for each saved file, in place of its path. */
export interface PrintTemplate {
  readonly parts: Template
}

/** Parses `--print`, e.g. `{path} {seed}`; the grammar is that of names. Throws ComfyRunError `bad-option`. */
export function parsePrintTemplate(text: string): PrintTemplate {
  return { parts: parseTemplate(text, { what: 'print template', names: placeholders }) }
}

/** The line for a file, without a line break at its end. */
export function printedLine(
  { parts }: PrintTemplate,
  file: FileSaved,
  job: JobFinished,
  server: string,
): string {
  const values: Record<(typeof placeholders)[number], string | number | undefined> = {
    path: file.path,
    name: job.name,
    job: job.job,
    seed: job.seed,
    seconds: Math.round(job.seconds * 10) / 10,
    server,
    kind: file.kind,
    bytes: file.bytes,
  }
  return fillTemplate(parts, (name) => values[name as keyof typeof values])
}
