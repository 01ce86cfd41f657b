// Control characters are what this file is about.
/* oxlint-disable no-control-regex */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { lstatSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { TestContext } from 'node:test'
import { folderOf } from '../../rig/folder.ts'
import { comfyRun, type Finished, type SpawnOptions } from '../../rig/rig.ts'

const peakMemory = new URL('peak-memory.js', import.meta.url).href
const fakeTerminal = new URL('fake-terminal.js', import.meta.url).href

export interface AttackOptions extends SpawnOptions {
  /** Its stderr seems to be a terminal. Default false. */
  readonly isTerminal?: boolean
}

/** How a command ended that met a hostile server. */
export interface Attacked extends Finished {
  /** The most memory that the process ever held. */
  readonly peakMegabytes: number
}

/** Runs the real binary in the test's own folder, and measures its memory. */
export async function attacked(
  t: TestContext,
  args: readonly string[],
  { env, input, isTerminal }: AttackOptions = {},
): Promise<Attacked> {
  const preloads = [peakMemory, ...(isTerminal ? [fakeTerminal] : [])]
  const file = join(tmpdir(), `comfy-run-peak-${randomUUID()}`)
  const run = await comfyRun(t, args, {
    ...(input !== undefined && { input }),
    env: {
      ...env,
      NODE_OPTIONS: preloads.map((url) => `--import=${url}`).join(' '),
      PEAK_MEMORY_FILE: file,
    },
  })
  const peakMegabytes = Number(readFileSync(file, 'utf8')) / 1024
  rmSync(file)
  return { ...run, peakMegabytes }
}

/** Runs `txt2img` with the results in `out`. */
export async function txt2img(
  t: TestContext,
  server: { readonly url: string },
  args: readonly string[] = [],
  options: AttackOptions = {},
): Promise<Attacked> {
  return attacked(t, ['txt2img', 'a fox', '--server', server.url, '--out', 'out', ...args], options)
}

/** Everything that lies in the test's folder, links not followed: `path` or `path -> target`. */
export function filesOf(t: TestContext): string[] {
  const root = folderOf(t)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name))
    .filter((path) => !lstatSync(path).isDirectory())
    .map((path) => {
      const shown = relative(root, path)
      return lstatSync(path).isSymbolicLink() ? `${shown} -> ${readlinkSync(path)}` : shown
    })
    .sort()
}

/** What a run leaves in text form: files that are no pictures, by path. */
export function textsOf(t: TestContext): Map<string, string> {
  const root = folderOf(t)
  const paths = filesOf(t).filter((path) => !path.includes(' -> ') && !path.endsWith('.png'))
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

/** What no text from elsewhere may bring to a terminal: controls but for the line break and tab, marks of direction. */
const raw = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u

/** Asserts that a command has put nothing on the terminal that the terminal would obey. */
export function assertClean({ stdout, stderr }: Finished): void {
  for (const [name, text] of Object.entries({ stdout, stderr })) {
    // Our own colours are no attack.
    const foreign = text.replaceAll(/\u001B\[\d+m/g, '')
    const found = raw.exec(foreign)
    assert.equal(
      found,
      null,
      `${name}: ${JSON.stringify(found?.input.slice(Math.max(0, found.index - 40), found.index + 40))}`,
    )
  }
}

/** Asserts an exit code, an error code on stderr, and that memory stayed flat. */
export function assertRefused(run: Attacked, exitCode: number, code: string, megabytes = 250): void {
  const told = `stdout:\n${run.stdout.slice(0, 2000)}\nstderr:\n${run.stderr.slice(0, 2000)}`
  assert.equal(run.exitCode, exitCode, told)
  assert.ok(run.stderr.includes(`[${code}]`), told)
  assert.doesNotMatch(run.stderr, /This is a fault of comfy-run/, told)
  assert.ok(run.peakMegabytes < megabytes, `${Math.round(run.peakMegabytes)} MB`)
}
