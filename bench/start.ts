// How long comfy-run takes to start, as a ratio to `node -e 0` in the same run. `npm run bench`.
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

const binary = fileURLToPath(new URL('../bin/comfy-run.js', import.meta.url))
const commands = {
  'node -e 0': ['-e', '0'],
  '--version': [binary, '--version'],
  '--help': [binary, '--help'],
  'txt2img --dry-run': [binary, 'txt2img', 'a fox', '--dry-run'],
}
const rounds = 9

function milliseconds(args: readonly string[]): number {
  const began = performance.now()
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with exit code ${status}`)
  return performance.now() - began
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const times = new Map<string, number[]>()
// Interleaved, so that a busy machine slows all of them alike.
for (let round = 0; round < rounds; round += 1) {
  for (const [name, args] of Object.entries(commands)) {
    times.set(name, [...(times.get(name) ?? []), milliseconds(args)])
  }
}
const base = median(times.get('node -e 0') ?? [])
for (const [name, values] of times) {
  console.log(
    `${name.padEnd(20)} ${median(values).toFixed(0).padStart(5)} ms  ${(median(values) / base).toFixed(2)}x`,
  )
}
