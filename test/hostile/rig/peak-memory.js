// Preloaded into the binary: writes the most memory that the process ever held, in kilobytes, to a file.
import { writeFileSync } from 'node:fs'

const file = process.env['PEAK_MEMORY_FILE']
process.on('exit', () => {
  if (file) writeFileSync(file, String(process.resourceUsage().maxRSS))
})
