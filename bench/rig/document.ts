import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, platform, totalmem } from 'node:os'

const document = new URL('../../docs/performance.md', import.meta.url)

/** On what is measured, when, and how busy the machine is before: without its name. */
export function conditions(): string {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  const load = loadavg()[0]?.toFixed(1)
  const date = new Date().toISOString().slice(0, 10)
  return `Node ${process.version}, ${platform()}, ${processors.length} x ${model}, ${memory}, ${date}, load ${load} before.`
}

/** Puts a text between the markers of its group in docs/performance.md. */
export function writeSection(group: string, text: string): void {
  const [begin, end] = [`<!-- bench ${group} -->`, `<!-- end of bench ${group} -->`]
  const all = readFileSync(document, 'utf8')
  const [from, to] = [all.indexOf(begin), all.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no ${begin} with ${end} after it`)
  writeFileSync(document, `${all.slice(0, from + begin.length)}\n\n${text}\n\n${all.slice(to)}`)
}
