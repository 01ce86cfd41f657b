// Loaded into a process that is measured: tells on file descriptor 3, when it ends, what it has used.
import { readFileSync, writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import process from 'node:process'

let parsed = 0
if (process.env['BENCH_COUNT_JSON']) {
  const { parse } = JSON
  JSON.parse = (text, reviver) => {
    parsed += text.length
    return parse(text, reviver)
  }
}

/**
 * The most memory that was resident, in MB. Linux counts into `maxRSS` what the parent process had when it started this one,
 * so a large parent hides what a small child takes: `VmHWM` is the process's own.
 */
function peakMemory() {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kilobytes) return Number(kilobytes) / 1024
  } catch {
    // Elsewhere there is no such file.
  }
  return process.resourceUsage().maxRSS / 1024
}

process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  const usage = {
    cpu: (userCPUTime + systemCPUTime) / 1e6,
    loop: performance.eventLoopUtilization().active / 1000,
    memory: peakMemory(),
    parsed,
  }
  writeSync(3, JSON.stringify(usage))
})
