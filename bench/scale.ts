// One run on many servers, each a process of its own, with jobs of a second: how near it comes to so many times one
// server, and what a job costs the client. `node --import tsx bench/scale.ts [jobs for each server] [servers...]`.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runBinary } from './rig/comfy-run.ts'
import { markdown } from './rig/figures.ts'
import { noOpBatch, removeFolder } from './rig/no-op.ts'
import { serveProcess } from './rig/serve.ts'

const [each = 10, ...counts] = process.argv.slice(2).map(Number)

async function measure(servers: number): Promise<{ perSecond: number; cpu: number; memory: number }> {
  const processes = await Promise.all(
    Array.from({ length: servers }, async () => serveProcess(['--step-time', '100'])),
  )
  const jobs = servers * each
  const folder = noOpBatch([])
  const prompts = Array.from({ length: jobs }, (_, index) => `fox ${index}`)
  writeFileSync(join(folder, 'shots.csv'), ['prompt', ...prompts].join('\n'))
  const urls = processes.map(({ url }) => url).join()
  const run = await runBinary(
    ['batch', 'shots.csv', '--steps', '10', '--size', '64x64', '-o', 'out', '--server', urls],
    folder,
  )
  assert.equal(run.done, jobs)
  removeFolder(folder)
  for (const one of processes) one.kill()
  return { perSecond: jobs / run.jobSeconds, cpu: (run.cpuSeconds / jobs) * 1000, memory: run.peakMemory }
}

let one = Number.NaN
const rows: string[][] = []
for (const servers of counts.length > 0 ? counts : [1, 4, 16, 64]) {
  const { perSecond, cpu, memory } = await measure(servers)
  if (rows.length === 0) one = perSecond / servers
  rows.push([
    String(servers),
    perSecond.toFixed(2),
    (perSecond / (servers * one)).toFixed(2),
    cpu.toFixed(1),
    memory.toFixed(0),
  ])
}
console.log(markdown(['servers', 'jobs/s', 'of linear', 'client CPU, ms a job', 'client memory, MB'], rows))
process.exit(0)
