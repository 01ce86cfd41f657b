import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { EmbeddedNode } from '../../src/embedded/node.ts'
import { nodeTable } from '../../src/embedded/nodes/table.ts'
import { startEmbeddedServer } from '../../src/embedded/server.ts'
import { isJsonObject } from '../../src/protocol/json.ts'
import { readScenario, scenarioNames } from '../rig/golden.ts'
import { Gate } from './conformance/gate.ts'
import { preludeOf } from './conformance/prelude.ts'
import { Replay } from './conformance/replay.ts'

/**
 * Prompts with several outputs, recorded in an order that this server does not have: ComfyUI keeps outputs in a
 * Python set, whose order changes with each start. Here the order is compared node by node only.
 */
const grouped: ReadonlySet<string> = new Set([
  '04b-two-saves',
  '11b-foreign-broadcast',
  '14b-unicode-and-long',
  '17a-other-outputs-visual',
  '17b-other-outputs-data',
])

/** The recorded server had one checkpoint. */
function asRecorded(): ReadonlyMap<string, EmbeddedNode> {
  const name = 'CheckpointLoaderSimple'
  const loader = nodeTable.get(name)
  if (!loader || typeof loader.info === 'function') throw new Error(`${name} is not what it was`)
  const required = { ckpt_name: [['sdXL_v10VAEFix.safetensors'], {}] }
  return new Map(nodeTable).set(name, { ...loader, info: { ...loader.info, input: { required } } })
}

/** Files that an earlier recording had left on the server. */
const filesBefore: Readonly<Record<string, string>> = { '16c-view': 'input/golden_garbage.png' }

for (const name of scenarioNames()) {
  test(`as ComfyUI: ${name}`, async (t) => {
    const scenario = readScenario(name)
    const gate = new Gate()
    let isReplaying = false
    const server = await startEmbeddedServer({
      previewMilliseconds: 0,
      nodes: asRecorded(),
      onStep: (step) => (isReplaying ? gate.onStep(step) : undefined),
    })
    t.after(async () => server.close())
    const file = filesBefore[name]
    if (file !== undefined) await writeFile(join(server.folder, file), 'no image')
    const prelude = preludeOf(scenario)
    if (prelude) await runToEnd(server.url, prelude)
    isReplaying = true
    await new Replay(scenario, server, gate, grouped.has(name)).run()
  })
}

async function runToEnd(url: string, prompt: object): Promise<void> {
  await fetch(`${url}/prompt`, { method: 'POST', body: JSON.stringify({ prompt }) })
  for (;;) {
    const { exec_info: info } = (await (await fetch(`${url}/prompt`)).json()) as Record<string, unknown>
    if (isJsonObject(info) && info.queue_remaining === 0) return
  }
}
