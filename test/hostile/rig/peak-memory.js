// Preloaded into the binary: writes the most memory that the process ever held, in kilobytes, to a file.
import { readFileSync, writeFileSync } from 'node:fs'

const file = process.env['PEAK_MEMORY_FILE']
process.on('exit', () => {
  if (file) writeFileSync(file, String(peakKilobytes()))
})

/** `maxRSS` counts what the parent held when it forked, so where Linux tells the process's own peak, that is taken. */
function peakKilobytes() {
  try {
    const own = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    if (own) return Number(own[1])
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS
}
