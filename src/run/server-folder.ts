import { randomBytes } from 'node:crypto'
import type { Job } from '../plan/job.ts'
import type { ApiGraph } from '../protocol/graph.ts'
import type { ServerFile } from '../protocol/outputs.ts'

/** With a hundred, quick jobs took the server a twentieth longer; with a thousand, the last ones take twice what the first did. */
const jobsInFolder = 25

/** Nodes that save a model save it for the server's own use, where its user wants it. */
const savesModel = /model|checkpoint|clip|vae|lora|unet|controlnet|embedding/i

/**
 * Gives a run a folder of its own within the server's output folder, every 25 jobs in it another, and each job
 * names of its own. ComfyUI lists the folder that it saves to for every single image, so that a full one makes each
 * image slower. It also numbers files by what lies there: servers that share a folder overwrite each other's
 * (pitfall 25), and a file that somebody takes away makes the next job's take its name before it is fetched.
 */
export class ServerFolder {
  readonly #run: string

  /** `id` is unique for the run. */
  constructor(id = runId()) {
    this.#run = `comfy-run/${id}`
  }

  /** Whether a file of the server lies in the run's folder, by what the server calls it. Windows writes paths with `\`. */
  holds({ subfolder, filename }: Pick<ServerFile, 'subfolder' | 'filename'>): boolean {
    const path = `${subfolder}/${filename}`.replaceAll('\\', '/')
    return path.startsWith(`${this.#run}/`) && !path.split('/').includes('..')
  }

  /**
   * The graph with its files in the run's folder, and the job's number before their names. A prefix that the user
   * has asked for stays, and so does one that leads out of the output folder. From the second attempt on the
   * folder is another: a result that the server took from its cache, and whose file is gone, is then saved
   * anew (pitfall 23).
   */
  apply(graph: ApiGraph, job: Pick<Job, 'index' | 'params'>, attempt = 1): ApiGraph {
    if (Object.keys(job.params).some(isPrefix)) return graph
    const part = Math.floor((job.index - 1) / jobsInFolder)
    const folder = `${this.#run}/${part}${attempt > 1 ? `-${attempt}` : ''}`
    return Object.fromEntries(
      Object.entries(graph).map(([id, node]) => {
        const prefix = node.inputs['filename_prefix']
        if (typeof prefix !== 'string' || leadsOut(prefix) || savesModel.test(node.class_type))
          return [id, node]
        const numbered = prefix.replace(/[^\\/]*$/, (name) => `${job.index}-${name}`)
        return [id, { ...node, inputs: { ...node.inputs, filename_prefix: `${folder}/${numbered}` } }]
      }),
    )
  }
}

/** Whether the user's own value is one of a prefix: by the role or by any address. */
function isPrefix(address: string): boolean {
  return address === 'prefix' || address.endsWith('.filename_prefix')
}

function leadsOut(prefix: string): boolean {
  return /^(?:[\\/]|[a-z]:)|(?:^|[\\/])\.\.(?:[\\/]|$)/i.test(prefix)
}

/** Tells when the run was, and is no other's. */
function runId(): string {
  const time = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return `${time}-${randomBytes(3).toString('hex')}`
}
