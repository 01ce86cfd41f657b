import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { binary } from './serve.ts'

/**
 * Runs the binary as a script would that keeps its output in a file: nothing listens to it, and nothing is loaded into it.
 * Returns how long it took from the process's start to its end, in seconds.
 */
export async function runPlain(args: readonly string[], folder: string): Promise<number> {
  const path = join(folder, 'log.txt')
  const log = await open(path, 'a')
  const began = performance.now()
  const child = spawn(process.execPath, [binary, ...args], { cwd: folder, stdio: ['ignore', log.fd, log.fd] })
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const seconds = (performance.now() - began) / 1000
  await log.close()
  assert.equal(exitCode, 0, await readFile(path, 'utf8'))
  return seconds
}
