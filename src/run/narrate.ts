import type { PromptEvent } from '../comfy/prompt-events.ts'
import type { RunEvent } from '../events.ts'
import type { ApiGraph } from '../protocol/graph.ts'
import { redact } from '../secrets.ts'

/** Previews are pictures, and the end is told when its files are there. */
type Told = Exclude<PromptEvent, { type: 'preview' | 'ended' }>

/** Tells an event of a prompt as one of a run's job. */
export function narrate(event: Told, job: number, graph: ApiGraph): RunEvent {
  switch (event.type) {
    case 'queued':
      return { type: 'job-queued', job, ahead: event.ahead }
    case 'started':
      return { type: 'job-started', job }
    case 'cached':
      return { type: 'nodes-cached', job, nodes: event.nodes }
    case 'node-started': {
      const node = graph[event.node]
      const title = node?._meta?.title
      return {
        type: 'node-started',
        job,
        node: event.node,
        classType: node?.class_type ?? '',
        ...(title && { title }),
      }
    }
    case 'node-finished':
      return { type: 'node-finished', job, node: event.node }
    case 'step':
      return { type: 'sampler-step', job, node: event.node, step: event.step, steps: event.steps }
    case 'text':
      return { type: 'node-text', job, node: event.node, text: redact(event.text) }
    case 'warning':
      return { type: 'job-warning', job, message: redact(event.message) }
  }
}
