import { spawnSync } from 'node:child_process'
import { farAway } from '../rig/far-away.ts'
import { interleaved, markdown, median, ratio } from '../rig/figures.ts'
import { leanServers } from '../rig/lean-servers.ts'
import type { BenchOptions } from '../rig/options.ts'
import { binary, serveProcess } from '../rig/serve.ts'
import { temporaryFolder } from '../rig/temporary-folder.ts'

const bare = 'node -e 0'

/** How long short commands take, as multiples of a Node that does nothing. */
export async function start({ quick, rounds }: BenchOptions): Promise<string> {
  const lean = await leanServers()
  const far = await farAway(lean, 50)
  const embedded = await serveProcess()
  const folder = temporaryFolder()
  const image = ['txt2img', 'a fox', '--steps', '1', '--size', '64x64', '--server']
  const commands: Readonly<Record<string, readonly string[]>> = {
    [bare]: ['-e', '0'],
    '`--version`': [binary, '--version'],
    '`--help`': [binary, '--help'],
    '`txt2img --dry-run`': [binary, 'txt2img', 'a fox', '--dry-run'],
    '`txt2img`, a server that does nothing': [binary, ...image, lean.url],
    '`txt2img`, the same 50 ms away, there and back': [binary, ...image, far.url, '--server-output', 'none'],
    '`txt2img`, an embedded server that runs': [binary, ...image, embedded.url],
    '`txt2img --server embedded`': [binary, ...image, 'embedded'],
  }
  const turns = quick ? 1 : Math.max(rounds, 9)
  const results = await interleaved(
    turns,
    Object.fromEntries(
      Object.entries(commands).map(([name, args]) => [name, async () => milliseconds(args, folder)]),
    ),
  )
  await Promise.all([far.stop(), lean.stop(), embedded.stop()])
  const base = results[bare] ?? []
  const rows = Object.entries(results).map(([name, times]) => [
    name,
    `${median(times).toFixed(0)} ms`,
    ratio(times, base).toFixed(2),
  ])
  return [`Medians of ${turns} rounds in turn:`, markdown(['', 'on the clock', `of \`${bare}\``], rows)].join(
    '\n\n',
  )
}

function milliseconds(args: readonly string[], folder: string): number {
  const began = performance.now()
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore', cwd: folder })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with exit code ${status}`)
  return performance.now() - began
}
