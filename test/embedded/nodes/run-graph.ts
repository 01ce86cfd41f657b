import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Folders, NodeContext, NodeResult } from '../../../src/embedded/node.ts'
import { nodeTable } from '../../../src/embedded/nodes/table.ts'
import { isLink, type ApiGraph } from '../../../src/protocol/graph.ts'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { folderOf } from '../../rig/folder.ts'

/** What a graph did: the results of its nodes, and what went to the page meanwhile. */
export interface GraphRun {
  readonly results: ReadonlyMap<string, NodeResult>
  readonly progress: ReadonlyArray<readonly [node: string, step: number, steps: number]>
  readonly previews: readonly Buffer[]
  readonly sent: readonly Buffer[]
}

/** Three empty folders of a server, gone after the test. */
export async function serverFolders(t: TestContext): Promise<Folders> {
  const root = folderOf(t)
  const folders = { input: join(root, 'input'), output: join(root, 'output'), temp: join(root, 'temp') }
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder)))
  return folders
}

/** Runs every node of a graph with the nodes it links to, without a server. */
export async function runGraph(
  graph: ApiGraph,
  folders: Folders,
  extraPnginfo: JsonObject = {},
): Promise<GraphRun> {
  const results = new Map<string, NodeResult>()
  const progress: Array<readonly [string, number, number]> = []
  const previews: Buffer[] = []
  const sent: Buffer[] = []
  for (const id of Object.keys(graph)) await result(id)
  return { results, progress, previews, sent }

  async function result(id: string): Promise<NodeResult> {
    const known = results.get(id)
    if (known) return known
    const node = graph[id]
    const embedded = node && nodeTable.get(node.class_type)
    if (!embedded) throw new Error(`no class for node ${id}`)
    const inputs: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(node.inputs)) {
      inputs[name] = isLink(value) ? (await result(value[0])).outputs[value[1]] : value
    }
    const made = await embedded.run(inputs, context(id))
    results.set(id, made)
    return made
  }

  function context(nodeId: string): NodeContext {
    return {
      nodeId,
      graph,
      extraPnginfo,
      folders,
      progress: async (step, steps, preview) => {
        progress.push([nodeId, step, steps])
        if (preview) previews.push(await preview())
      },
      sendImage: (png) => sent.push(png),
    }
  }
}
