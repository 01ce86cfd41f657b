import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { RunEvent } from '../../src/events.ts'
import { binary } from './serve.ts'

/** How a run of the real binary went. */
export interface BinaryRun {
  readonly exitCode: number | null
  /** From the process's start to its end, in seconds. */
  readonly seconds: number
  /** From the first job's submission to the last job's end, in seconds; 0 if it was not watched. */
  readonly jobSeconds: number
  /** Jobs; 0 if it was not watched. */
  readonly done: number
  /** Of all threads of the process, in seconds. */
  readonly cpuSeconds: number
  /** How long the main thread was not waiting, its start included, in seconds. */
  readonly loopSeconds: number
  /** In MB. */
  readonly peakMemory: number
  /** Characters that went through `JSON.parse`; 0 unless they were to be counted. */
  readonly jsonParsed: number
}

const meter = new URL('meter.js', import.meta.url).href

/**
 * Runs the binary and measures it from inside. It is watched by `--json`, unless `isWatched` says otherwise: that makes the
 * server tell of every node, which it otherwise does not of quick jobs. What is to be timed is best run by `runPlain`.
 */
export async function runBinary(
  args: readonly string[],
  folder: string,
  {
    onEvent = () => {},
    isWatched = true,
    countsJson = false,
  }: {
    readonly onEvent?: (event: RunEvent) => void
    readonly isWatched?: boolean
    readonly countsJson?: boolean
  } = {},
): Promise<BinaryRun> {
  const began = performance.now()
  const all = ['--import', meter, binary, ...args, ...(isWatched ? ['--json'] : [])]
  const child = spawn(process.execPath, all, {
    cwd: folder,
    stdio: ['ignore', 'pipe', isWatched ? 'inherit' : 'pipe', 'pipe'],
    env: { ...process.env, ...(countsJson && { BENCH_COUNT_JSON: '1' }) },
  })
  if (!child.stdout) throw new Error('no stdout')
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve))
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
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
  if (exitCode !== 0) process.stderr.write(said)
  const seconds = (performance.now() - began) / 1000
  const { cpu, loop, memory, parsed } = JSON.parse(usage) as Record<
    'cpu' | 'loop' | 'memory' | 'parsed',
    number
  >
  return {
    exitCode,
    seconds,
    jobSeconds: (last - first) / 1000,
    done,
    cpuSeconds: cpu,
    loopSeconds: loop,
    peakMemory: memory,
    jsonParsed: parsed,
  }
}
