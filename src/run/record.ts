import { createHash } from 'node:crypto'
import type { Outcome } from '../comfy/outcome.ts'
import type { ComfyServer } from '../comfy/server.ts'
import type { SidecarRecord } from '../output/sidecar.ts'
import type { Job } from '../plan/job.ts'
import { stringifyJson } from '../protocol/json.ts'
import { version } from '../version.ts'
import { toGraph, type Workflow } from '../workflow/workflow.ts'

/** The files that models come in. */
const modelFile = /\.(?:safetensors|sft|ckpt|gguf|pth?|bin|onnx)$/i

/** What a record needs of a server. */
export type RecordedServer = Pick<ComfyServer, 'name' | 'capabilities'>

/**
 * What a sidecar says of all files of a job. `seconds` is how long the server worked on it; it ended just now. The
 * seed is text, as it may exceed 2^53; the workflow's hash is that of the graph as it ran, as JSON without spaces.
 */
export function recordOf(job: Job, outcome: Outcome, server: RecordedServer, seconds: number): SidecarRecord {
  const { seed, ...settings } = job.params
  const { version: comfyui, rehearsal } = server.capabilities
  return {
    comfyRun: version,
    key: job.key,
    name: job.name,
    ...(seed !== undefined && { seed: typeof seed === 'string' ? seed : stringifyJson(seed) }),
    settings,
    workflow: { source: job.workflow.source, sha256: graphHash(job.workflow) },
    models: modelsOf(job.workflow),
    server: { name: server.name, ...(comfyui !== undefined && { comfyui }), rehearsal },
    timings: {
      started: new Date(Date.now() - seconds * 1000).toISOString(),
      seconds: Math.round(seconds * 1000) / 1000,
    },
    cached: outcome.cached,
  }
}

function graphHash(workflow: Workflow): string {
  return createHash('sha256')
    .update(stringifyJson(toGraph(workflow)))
    .digest('hex')
}

/** Every file of a model that a node of the workflow names, each once. */
function modelsOf({ nodes }: Workflow): string[] {
  const values = Array.from(nodes.values()).flatMap(({ inputs }) => Object.values(inputs))
  const names = values.filter((value): value is string => typeof value === 'string' && modelFile.test(value))
  return [...new Set(names)]
}
