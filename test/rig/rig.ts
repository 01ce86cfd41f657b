import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  startEmbeddedServer,
  type EmbeddedServer,
  type EmbeddedServerOptions,
} from '../../src/embedded/server.ts'
import { folderOf } from './folder.ts'

/** The program, as it is shipped. */
export const binary: string = fileURLToPath(new URL('../../bin/comfy-run.js', import.meta.url))
/** Compiled code is kept there, not in the user's own folder. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/comfy-run-tests', import.meta.url))

export interface RigOptions extends EmbeddedServerOptions {
  /** What is to go wrong; several faults stand with commas between. See docs/faults.md. */
  readonly fault?: string
}

/** An embedded server for one test; closed with it. */
export async function startRig(
  t: TestContext,
  { fault, ...options }: RigOptions = {},
): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ ...options, ...(fault !== undefined && { faults: [fault] }) })
  t.after(async () => server.close())
  return server
}

/** How a spawned command ended. */
export interface Finished {
  /** The exit code; -1 if a signal killed it. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface SpawnOptions {
  /** What comes in on stdin; without it stdin is closed. */
  readonly input?: string
  /** Undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Options for Node itself. */
  readonly nodeOptions?: readonly string[]
}

/** Runs the real binary, as a user in a pipe would, in the test's own folder and with a clean environment. */
export async function comfyRun(
  t: TestContext,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Finished> {
  return startComfyRun(t, args, options).finished
}

/** As `comfyRun`, but returns at once, for tests that send signals. */
export function startComfyRun(
  t: TestContext,
  args: readonly string[],
  { input, env, nodeOptions = [] }: SpawnOptions = {},
): { readonly child: ChildProcess; readonly finished: Promise<Finished> } {
  const child = spawn(process.execPath, [...nodeOptions, binary, ...args], {
    cwd: folderOf(t),
    // The server is on this machine: unless a test is about that, files are fetched, as from anywhere.
    env: {
      PATH: process.env['PATH'],
      COMFY_RUN_SERVER_OUTPUT: 'none',
      NODE_COMPILE_CACHE: compileCache,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ exitCode: code ?? -1, ...output }))
  })
  return { child, finished }
}

/** Resolves when a command has said a text on stdout so many times. */
export async function said(child: ChildProcess, text: string, times = 1): Promise<void> {
  let seen = ''
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: string) => {
      seen += chunk
      if (seen.split(text).length > times) resolve()
    })
  })
}

/** Asserts an exit code, and shows what the command said if it is another one. */
export function assertExit(run: Finished, exitCode: number): void {
  assert.equal(run.exitCode, exitCode, `stdout:\n${run.stdout}\nstderr:\n${run.stderr}`)
}
