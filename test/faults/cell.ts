import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { startEmbeddedServer } from '../../src/embedded/server.ts'
import { readPngText } from '../../src/protocol/png-text.ts'
import { binary } from '../rig/rig.ts'

/** What must come of one command on one server with faults. What is not said is 0, or as without a fault. */
export interface Expected {
  /** The exit code. */
  readonly exit?: number
  /** Images that can't be there: the server did not make them, or has lost them for good. */
  readonly without?: number
  /** Prompts that the server ran besides one for each job; negative for jobs that were never run. */
  readonly again?: number | readonly [least: number, most: number]
  /** Prompts that are left on the server, because it does not let go of them. */
  readonly left?: number
  /** Seconds that the command may take. Default 60: machines may be busy. */
  readonly within?: number
}

/** One command, to be run on a server of its own. */
export interface Cell extends Expected {
  readonly fault: string
  readonly kind: 'txt2img' | 'batch'
  /** Jobs have an image to be uploaded. */
  readonly isUpload?: boolean
  /** More options. */
  readonly options?: readonly string[]
  /** Put behind the server's address. */
  readonly path?: string
  readonly stepMilliseconds?: number
  /** The server sends previews, whose making takes most of its time. */
  readonly hasPreviews?: boolean
}

/** How a cell came out. */
export interface Verdict {
  readonly cell: Cell
  readonly exit: number | null
  readonly seconds: number
  readonly lost: number
  readonly again: number
  readonly broken: number
  readonly left: number
  /** What is not as expected; empty if all is well. */
  readonly problems: readonly string[]
  /** What the command said. */
  readonly said: string
}

const jobsInBatch = 20
/** A command that has not ended by then is killed, in seconds beyond its bound. */
const grace = 5

/** Runs the real binary against a server with the cell's faults, and looks at what it left behind. */
export async function runCell(cell: Cell): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'comfy-run-faults-'))
  const { stepMilliseconds = 0, within = 60 } = cell
  const server = await startEmbeddedServer({
    faults: [cell.fault],
    stepMilliseconds,
    previewMilliseconds: cell.hasPreviews ? 0 : Infinity,
  })
  try {
    const names = await writeInputs(cell, folder)
    const args = [...argsOf(cell), '--server', server.url + (cell.path ?? '')]
    const { exit, seconds, said } = await run(args, folder, within + grace)
    const { lost, broken } = await lookAt(join(folder, 'out'), names)
    const again = server.promptsRun - names.length
    const left = server.promptsLeft
    const [name = ''] = /^[^@:,]+/.exec(cell.fault) ?? []
    const found = { exit, seconds, lost, again, broken, left, wasSeen: server.faultsSeen.has(name) }
    return { cell, ...found, problems: problemsOf(cell, found), said }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

type Found = Omit<Verdict, 'cell' | 'problems' | 'said'> & { readonly wasSeen: boolean }

function problemsOf(cell: Cell, found: Found): string[] {
  const { exit = 0, without = 0, again = 0, left = 0, within = 60 } = cell
  const [least, most] = typeof again === 'number' ? [again, again] : again
  return [
    ...(found.wasSeen ? [] : ['the fault did not happen']),
    ...(found.exit === exit ? [] : [`exit code ${found.exit}, not ${exit}`]),
    ...(found.seconds <= within ? [] : [`${found.seconds.toFixed(1)} s, more than ${within}`]),
    ...(found.lost === without ? [] : [`${found.lost} images lost, not ${without}`]),
    ...(found.again >= least && found.again <= most ? [] : [`${found.again} prompts more than jobs`]),
    ...(found.broken === 0 ? [] : [`${found.broken} broken or stray files`]),
    ...(found.left === left ? [] : [`${found.left} prompts left on the server, not ${left}`]),
  ]
}

/** Writes what the command reads. Returns the names that the images must have, without extension. */
async function writeInputs({ kind, isUpload }: Cell, folder: string): Promise<string[]> {
  const names =
    kind === 'txt2img' ? ['fox'] : Array.from({ length: jobsInBatch }, (_, index) => `shot-${index + 1}`)
  mkdirSync(join(folder, 'in'))
  if (isUpload) {
    for (const [index, name] of names.entries()) {
      const background = { r: index * 10, g: 100, b: 200 }
      await sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .png()
        .toFile(join(folder, `in/${name}.png`))
    }
  }
  const rows = names.map((name) => (isUpload ? `${name},in/${name}.png` : name))
  writeFileSync(join(folder, 'shots.csv'), [isUpload ? 'prompt,image' : 'prompt', ...rows].join('\n'))
  return names
}

function argsOf({ kind, isUpload, options = [] }: Cell): string[] {
  const size = isUpload ? [] : ['--size', '64x64']
  const common = ['--name', '{prompt}', '--steps', '3', '-o', 'out', ...size, ...options]
  if (kind === 'batch') return ['batch', 'shots.csv', ...common]
  return isUpload ? ['img2img', 'fox', '-i', 'in/fox.png', ...common] : ['txt2img', 'fox', ...common]
}

async function run(
  args: readonly string[],
  folder: string,
  most: number,
): Promise<Pick<Verdict, 'exit' | 'seconds' | 'said'>> {
  const began = performance.now()
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], COMFY_RUN_SERVER_OUTPUT: 'none' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), most * 1000)
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  clearTimeout(timer)
  return { exit, seconds: (performance.now() - began) / 1000, said }
}

/** Which of the expected images are not there, whole and of the right prompt; and how many files should not be there. */
async function lookAt(out: string, names: readonly string[]): Promise<{ lost: number; broken: number }> {
  const files = new Set(filesBelow(out))
  let lost = 0
  let broken = 0
  for (const name of names) {
    const file = `${name}.png`
    if (!files.delete(file)) lost += 1
    else if (!(await isImageOf(join(out, file), name))) broken += 1
  }
  return { lost, broken: broken + files.size }
}

/** The files in a folder and below, but for the journal's own. */
function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.comfy-run'))
      .map(({ name }) => name)
  } catch {
    return []
  }
}

async function isImageOf(path: string, prompt: string): Promise<boolean> {
  try {
    const bytes = readFileSync(path)
    await sharp(bytes).raw().toBuffer()
    return readPngText(bytes)?.get('prompt')?.includes(`"${prompt}"`) === true
  } catch {
    return false
  }
}
