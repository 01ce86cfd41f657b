// How quick plans are checked, and what memory that takes: `node --import tsx bench/plan.ts [rows...]`.
// Without a number: 10,000, 100,000 and 1,000,000 rows, each in a process of its own. No server is needed.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'

const sizes = process.argv.slice(2).map(Number)

async function writeJobs(file: string, rows: number): Promise<void> {
  const stream = createWriteStream(file)
  stream.write('prompt,steps,row.shot\n')
  for (let row = 1; row <= rows; row += 1) {
    const line = `"a red fox in the snow, number ${row}",${10 + (row % 20)},s${row}\n`
    if (!stream.write(line)) await once(stream, 'drain')
  }
  stream.end()
  await finished(stream)
}

async function measure(rows: number): Promise<void> {
  // As it is shipped: the code that is measured is not the code that tsx makes.
  const { checkPlan, loadWorkflow, readRows } = (await import(
    new URL('../dist/index.js', import.meta.url).href
  )) as typeof import('../src/index.ts')
  const folder = mkdtempSync(join(tmpdir(), 'comfy-run-plan-'))
  const file = join(folder, 'shots.csv')
  await writeJobs(file, rows)
  const workflow = await loadWorkflow(fileURLToPath(new URL('../workflows/txt2img.json', import.meta.url)))
  const began = performance.now()
  const { jobs, errors } = await checkPlan({
    workflow,
    rows: readRows(file),
    defaults: [],
    seedSalt: 'salt',
    sourceFolder: folder,
  })
  const seconds = (performance.now() - began) / 1000
  if (jobs !== rows || errors.length > 0)
    throw new Error(`${jobs} jobs of ${rows} rows: ${String(errors[0])}`)
  const megabytes = process.resourceUsage().maxRSS / 1024
  console.log(
    `${String(rows).padStart(9)} rows  ${seconds.toFixed(2).padStart(7)} s  ` +
      `${Math.round(rows / seconds)
        .toLocaleString('en')
        .padStart(9)} rows/s  ${megabytes.toFixed(0).padStart(5)} MB at most`,
  )
  rmSync(folder, { recursive: true })
}

const [only] = sizes
if (only !== undefined && sizes.length === 1) {
  await measure(only)
} else {
  for (const size of sizes.length > 0 ? sizes : [10_000, 100_000, 1_000_000]) {
    const args = ['--import', 'tsx', fileURLToPath(import.meta.url), String(size)]
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
    if (status !== 0) throw new Error(`planning ${size} rows ended with exit code ${status}`)
  }
}
