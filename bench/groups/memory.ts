import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runBinary } from '../rig/comfy-run.ts'
import { markdown } from '../rig/figures.ts'
import { leanServers, type LeanOptions } from '../rig/lean-servers.ts'
import type { BenchOptions } from '../rig/options.ts'
import { promptsFolder } from '../rig/work.ts'

/** The most memory that is resident: with large downloads, and a stream of previews. */
export async function memory({ quick }: BenchOptions): Promise<string> {
  const jobs = quick ? 2 : 200
  const seconds = quick ? 1 : 300
  const megabytes = quick ? 1 : 20
  const stream = { milliseconds: seconds * 1000, previews: 30 }
  const watched = `${quick ? `${seconds} s` : `${seconds / 60} minutes`} of ${stream.previews} previews a second`
  // One after the other, except previews, which mostly wait.
  const small = await row('1 download of a dot', 1, {})
  const downloads = await row(`${jobs} downloads of ${megabytes} MB`, jobs, { megabytes })
  const previews = await Promise.all([
    row(watched, 1, stream),
    row(`${watched}, \`--save-previews\``, 1, stream, ['--save-previews']),
  ])
  const header = ['', 'most memory', 'CPU', 'on the clock', 'files']
  return [
    'The most that was resident, in a process of its own:',
    markdown(header, [small, downloads, ...previews]),
  ].join('\n\n')
}

async function row(
  what: string,
  jobs: number,
  options: LeanOptions,
  flags: readonly string[] = [],
): Promise<string[]> {
  const server = await leanServers(options)
  const folder = promptsFolder(jobs)
  const out = join(folder, 'out')
  let files = 0
  const args = ['batch', 'shots.csv', ...flags, '-o', 'out', '--server', server.url]
  const run = await runBinary(args, folder, {
    // Thousands of megabytes need not lie on the disk all at once.
    onEvent(event) {
      if (event.type === 'job-finished') files += removeImages(out)
    },
  })
  assert.equal(run.done, jobs)
  await server.stop()
  const cells = [
    `${run.peakMemory.toFixed(0)} MB`,
    `${run.cpuSeconds.toFixed(1)} s`,
    `${run.seconds.toFixed(1)} s`,
  ]
  return [what, ...cells, String(files)]
}

/** How many there were. */
function removeImages(folder: string): number {
  const images = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\w\.(png|jpg)$/.test(name),
  )
  const complete = images.filter((name) => !name.includes('.part'))
  for (const name of complete) rmSync(join(folder, name), { force: true })
  return complete.length
}
