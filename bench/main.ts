// All benches of speed: `npm run bench`. docs/performance.md says what each measures, and holds what came out.
import { parseArgs } from 'node:util'
import { folder } from './groups/folder.ts'
import { idle } from './groups/idle.ts'
import { memory } from './groups/memory.ts'
import { realJobs } from './groups/real-jobs.ts'
import { rows } from './groups/rows.ts'
import { scale } from './groups/scale.ts'
import { start } from './groups/start.ts'
import { throughput } from './groups/throughput.ts'
import { wire } from './groups/wire.ts'
import { conditions, writeSection } from './rig/document.ts'
import type { Group } from './rig/options.ts'

const groups: Readonly<Record<string, Group>> = {
  'real-jobs': realJobs,
  throughput,
  idle,
  folder,
  start,
  memory,
  rows,
  scale,
  wire,
}

const usage = `npm run bench -- [options] [group...]

groups: ${Object.keys(groups).join(', ')} (default: all)

  --server URL         a real ComfyUI, beside the embedded server
  --server-output DIR  where it saves images, on this machine: for \`folder\`, which fills it, and cleans up
  --peers              also measure other clients; installs them in a folder for temporary files
  --rounds N           how often each thing is measured (default: 5)
  --write              put the tables in docs/performance.md
  --quick              tiny sizes, one round: only shows that everything runs
  --help
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string' },
    'server-output': { type: 'string' },
    peers: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    write: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(usage)
  process.exit(0)
}
const unknown = positionals.filter((name) => !Object.hasOwn(groups, name))
const rounds = Number(values.rounds ?? (values.quick ? 1 : 5))
if (unknown.length > 0 || !(rounds >= 1) || (values.quick && values.write)) {
  process.stderr.write(usage)
  process.exit(2)
}
// So that the servers end, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const failed: string[] = []
for (const [name, group] of Object.entries(groups)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  process.stderr.write(`${name} ...\n`)
  const before = conditions()
  const began = performance.now()
  try {
    const text = await group({
      quick: values.quick,
      rounds,
      peers: values.peers,
      ...(values.server !== undefined && { server: values.server.replace(/\/+$/, '') }),
      ...(values['server-output'] !== undefined && { serverOutput: values['server-output'] }),
    })
    const seconds = Math.round((performance.now() - began) / 1000)
    const section = `${text}\n\n${before} ${seconds} s.\n\n    ${command(name)}`
    console.log(`\n## ${name}\n\n${section}`)
    if (values.write) writeSection(name, section)
  } catch (error) {
    // The others still say something.
    console.error(`\n## ${name}\n\n`, error)
    failed.push(name)
  }
}
if (failed.length > 0) console.error(`\nfailed: ${failed.join(', ')}`)
process.exit(failed.length > 0 ? 1 : 0)

/** What makes this group's figures, without anything that is only this machine's. */
function command(group: string): string {
  const options = [
    ...(values.server === undefined ? [] : ['--server URL']),
    ...(values['server-output'] === undefined ? [] : ['--server-output DIR']),
    ...(values.peers ? ['--peers'] : []),
    ...(values.rounds === undefined ? [] : [`--rounds ${values.rounds}`]),
  ]
  return ['npm run bench --', group, ...options].join(' ')
}
