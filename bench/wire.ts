// Requests and bytes for each job: no-op jobs one after the other as fast as the server can, and jobs of a second.
// `node --import tsx bench/wire.ts [jobs]`.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runBinary } from './rig/comfy-run.ts'
import { startCountingProxy } from './rig/counting-proxy.ts'
import { markdown } from './rig/figures.ts'
import { freshColors, noOpBatch, removeFolder } from './rig/no-op.ts'
import { serveProcess } from './rig/serve.ts'

const jobs = Number(process.argv[2] ?? 300)

async function measure(name: string, count: number, slow: boolean): Promise<string[]> {
  const proxy = await startCountingProxy((await serveProcess(slow ? ['--step-time', '100'] : [])).url)
  const folder = noOpBatch(freshColors(count))
  const prompts = Array.from({ length: count }, (_, index) => `fox ${index}`)
  writeFileSync(join(folder, 'shots.csv'), ['prompt', ...prompts].join('\n'))
  const batch = slow
    ? ['shots.csv', '--steps', '10', '--size', '64x64']
    : ['jobs.csv', '--workflow', 'workflow.json']
  const { done } = await runBinary(['batch', ...batch, '-o', 'out', '--server', proxy.url], folder)
  assert.equal(done, count)
  removeFolder(folder)
  const { requests, bytesUp, bytesDown } = proxy.traffic
  const all = [...requests.values()].reduce((sum, number) => sum + number, 0)
  const each = Array.from(requests, ([route, number]) => `${route} ${(number / count).toFixed(2)}`)
  const kilobytes = (bytes: number): string => (bytes / count / 1000).toFixed(1)
  return [name, (all / count).toFixed(2), each.join(', '), kilobytes(bytesUp), kilobytes(bytesDown)]
}

const rows = [
  await measure(`${jobs} no-op jobs`, jobs, false),
  await measure('20 jobs of a second', 20, true),
]
console.log(markdown(['', 'requests a job', 'which', 'kB up', 'kB down'], rows))
process.exit(0)
