// Jobs of about a second on a server with a model: the time of the batch beside the sum of the server's own times.
// `node --import tsx bench/real-jobs.ts --server URL [--jobs 20] [--steps 4] [--size 64x64]`.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runBinary } from './rig/comfy-run.ts'
import { noOpBatch, removeFolder } from './rig/no-op.ts'
import { gaps, promptTimes, span } from './rig/times.ts'

const { values } = parseArgs({
  options: {
    server: { type: 'string' },
    jobs: { type: 'string', default: '20' },
    steps: { type: 'string', default: '4' },
    size: { type: 'string', default: '64x64' },
  },
})
const url = values.server
assert.ok(url, '--server names a server that has a checkpoint')
const jobs = Number(values.jobs)
const folder = noOpBatch([])
const prompts = Array.from({ length: jobs }, (_, index) => `fox ${index} ${Date.now()}`)
writeFileSync(join(folder, 'shots.csv'), ['prompt', ...prompts].join('\n'))
const model = (await (await fetch(`${url}/object_info/CheckpointLoaderSimple`)).json()) as {
  CheckpointLoaderSimple: { input: { required: { ckpt_name: [string[]] } } }
}
const [checkpoint = ''] = model.CheckpointLoaderSimple.input.required.ckpt_name[0]
const settings = ['--steps', values.steps, '--size', values.size, '--model', checkpoint]
const run = await runBinary(['batch', 'shots.csv', ...settings, '-o', 'out', '--server', url], folder)
assert.equal(run.done, jobs)
removeFolder(folder)
const times = await promptTimes(url, jobs)
const work = times.reduce((sum, { start, end }) => sum + (end - start) / 1000, 0)
const idle = gaps(times).reduce((sum, gap) => sum + gap, 0)
console.log(
  `${jobs} jobs of ${(work / jobs).toFixed(2)} s: from the first submission to the last file ${run.jobSeconds.toFixed(2)} s, ` +
    `the server's own times together ${work.toFixed(2)} s; ratio ${(run.jobSeconds / work).toFixed(4)}. ` +
    `By the server's clock ${span(times).toFixed(2)} s, ${idle.toFixed(0)} ms of them idle.`,
)
