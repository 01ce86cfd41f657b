// Every fault x {one image, a batch of 20}: the real binary against its own embedded server, and what must come of
// it. `npm run test:faults [name...]` runs the rows whose fault begins with one of the names.
import { availableParallelism } from 'node:os'
import { cases, cellsOf } from './cases.ts'
import { runCell, type Verdict } from './cell.ts'

const wanted = process.argv.slice(2)
const rows = cases.filter(({ fault }) => wanted.length === 0 || wanted.some((name) => fault.startsWith(name)))
const began = performance.now()
const queue = rows.flatMap((row) => cellsOf(row).map((cell) => ({ row, cell })))
const verdicts = new Map<(typeof rows)[number], Verdict[]>()

async function work(): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const verdict = await runCell(next.cell)
    const ofRow = [...(verdicts.get(next.row) ?? []), verdict]
    verdicts.set(next.row, ofRow)
    if (ofRow.length === cellsOf(next.row).length) show(ofRow)
  }
}

/** For the names of the faults. */
const faultWidth = 40
const columns = ['txt2img', 'batch'] as const
const header = ['exit', 'time', 'lost', 'again', 'broken', 'left']

function show(ofRow: readonly Verdict[]): void {
  const cells = columns.map((kind) => ofRow.find(({ cell }) => cell.kind === kind))
  const shown = cells.map((verdict) => {
    if (!verdict) return ' '.repeat(40)
    const { exit, seconds, lost, again, broken, left, problems } = verdict
    const figures = [exit ?? '-', seconds.toFixed(1), lost, again, broken, left].map((value) =>
      String(value).padStart(5),
    )
    return `${problems.length === 0 ? 'ok ' : 'BAD'} ${figures.join(' ')}`
  })
  console.log(`${(ofRow[0]?.cell.fault ?? '').padEnd(faultWidth)} ${shown.join('   ')}`)
}

const figures = `    ${header.map((name) => name.slice(0, 5).padStart(5)).join(' ')}`
console.log(`${''.padEnd(faultWidth)} ${columns.map((kind) => kind.padEnd(39)).join('   ')}`)
console.log(`${'fault'.padEnd(faultWidth)} ${figures}   ${figures}`)
// Most cells wait more than they work.
await Promise.all(Array.from({ length: Math.max(3, availableParallelism() * 2) }, work))

const bad = [...verdicts.values()].flat().filter(({ problems }) => problems.length > 0)
for (const { cell, problems, said } of bad) {
  console.log(
    `\n${cell.fault}, ${cell.kind}: ${problems.join('; ')}\n${said.trim().replaceAll(/^/gm, '  | ')}`,
  )
}
const seconds = (performance.now() - began) / 1000
const cellCount = [...verdicts.values()].flat().length
console.log(
  `\n${rows.length} faults, ${cellCount} cells, ${cellCount - bad.length} as expected, ${bad.length} not; ${seconds.toFixed(0)} s`,
)
process.exitCode = bad.length > 0 ? 1 : 0
