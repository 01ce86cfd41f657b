import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { RunEvent } from '../../src/events.ts'
import { binary } from './serve.ts'

/** How a run of the real binary went. */
export interface BinaryRun {
  readonly exitCode: number | null
  /** From the process's start to its end, in seconds. */
  readonly seconds: number
  /** From the first job's submission to the last job's end, in seconds. */
  readonly jobSeconds: number
  readonly done: number
  /** Of the process, in seconds. */
  readonly cpuSeconds: number
  /** In MB. */
  readonly peakMemory: number
}

/** Loaded into the process: writes what it used to file descriptor 3 when it ends. */
const meter = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  require('fs').writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS / 1024 }))
})`

/** Runs the binary with `--json` and measures it. */
export async function runBinary(
  args: readonly string[],
  folder: string,
  onEvent: (event: RunEvent) => void = () => {},
): Promise<BinaryRun> {
  const began = performance.now()
  const preload = `data:text/javascript,import{createRequire}from'node:module';const require=createRequire('/');${encodeURIComponent(meter)}`
  const child = spawn(process.execPath, ['--import', preload, binary, ...args, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  if (!child.stdout) throw new Error('no stdout')
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve))
  let usage = ''
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    usage += chunk.toString()
  })
  let first = 0
  let last = 0
  let done = 0
  for await (const line of createInterface(child.stdout)) {
    // Only the events that count are parsed: the measuring must not slow what is measured.
    if (!line.startsWith('{"type":"job-')) continue
    const event: RunEvent = JSON.parse(line)
    onEvent(event)
    if (event.type === 'job-submitted') first ||= performance.now()
    if (event.type === 'job-finished') {
      last = performance.now()
      if (event.status === 'done') done += 1
    }
  }
  const exitCode = await exited
  const seconds = (performance.now() - began) / 1000
  const { cpu, rss } = JSON.parse(usage || '{"cpu":0,"rss":0}') as { cpu: number; rss: number }
  return { exitCode, seconds, jobSeconds: (last - first) / 1000, done, cpuSeconds: cpu, peakMemory: rss }
}
