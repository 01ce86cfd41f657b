import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire, wrap } from 'node:module'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { Script } from 'node:vm'
import { setV8Flags, withDefaultFlags } from './v8-flags.ts'

/**
 * The flags that this program sets, as they are by default (Node 20 to 26): V8 takes compiled code only while its flags are
 * those with which it was compiled.
 */
const defaultFlags: ReadonlyMap<string, readonly string[]> = new Map([
  ['--no-flush-bytecode', ['--flush-bytecode']],
  ['--no-allocation-site-pretenuring', ['--allocation-site-pretenuring']],
  ['--heap-growing-percent=30', ['--heap-growing-percent=0']],
  ['--incremental-marking-hard-trigger=30', ['--incremental-marking-hard-trigger=0']],
  ['--semi-space-growth-factor=1', ['--semi-space-growth-factor=2']],
  ['--no-opt', ['--opt']],
  ['--liftoff-only', ['--no-liftoff-only', '--wasm-tier-up', '--wasm-dynamic-tiering']],
])

/** Kept for so long, in milliseconds: thirty days. Then it is that of a version that is gone, or is soon made anew. */
const longest = 30 * 24 * 60 * 60 * 1000

/** The wrapper of a CommonJS module. */
type Body = (
  exports: unknown,
  require: (id: string) => unknown,
  module: NodeJS.Module,
  filename: string,
  folder: string,
) => void

/**
 * Keeps what V8 compiles of the program's files, for the next time that they are loaded, and takes what was kept: a quarter
 * to a third of the time until a job is queued. From 22.1 on Node can do it (`enableCompileCache`), but keeps a quarter (22) or
 * half (24) of this: a command that is short takes a tenth longer with it. Node's variables have a say:
 * NODE_DISABLE_COMPILE_CACHE=1 turns it off, NODE_COMPILE_CACHE names another folder. Whatever can't be read or written is
 * done without. Call it before the files are loaded.
 */
export function keepCompiledCode(): void {
  if (process.env['NODE_DISABLE_COMPILE_CACHE']) return
  const program = dirname(import.meta.filename)
  const folder = cacheFolder()
  if (folder === undefined) return
  const compiled = new Map<string, Script>()

  const { extensions } = createRequire(import.meta.url)
  const loadPlainly = extensions['.js']
  extensions['.cjs'] = (module, file) => {
    if (dirname(file) !== program) return loadPlainly(module, file)
    // The bundler puts a hash of its content into each file's name: that of another version is another file.
    const place = join(folder, basename(file))
    const cachedData = contentOf(place)
    const script = withDefaultFlags(
      defaultFlags,
      () => new Script(wrap(readFileSync(file, 'utf8')), { filename: file, cachedData }),
    )
    if (!cachedData || script.cachedDataRejected) {
      // Else V8 lets go of what is not run for a while: after 3,000 quick jobs a third is missing.
      if (compiled.size === 0) setV8Flags('--no-flush-bytecode')
      compiled.set(place, script)
    }
    const body = script.runInThisContext() as Body
    // Node's own modules, which it loads then, come with compiled code as well: under other flags they take several times as long.
    withDefaultFlags(defaultFlags, () =>
      body.call(module.exports, module.exports, module.require.bind(module), module, file, program),
    )
  }

  // At the end, as only then there is the code of those functions that were called.
  process.once('exit', () => {
    if (compiled.size === 0) return
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      for (const [place, script] of compiled) {
        keep(
          place,
          withDefaultFlags(defaultFlags, () => script.createCachedData()),
        )
      }
      removeOld(dirname(folder))
    } catch {
      // The next command starts as slowly as this one.
    }
  })
}

/** All of it, or nothing: V8 does not notice if some of it is missing. */
function keep(place: string, code: Buffer): void {
  const part = `${place}.${process.pid}`
  try {
    writeFileSync(part, code, { mode: 0o600, flush: true })
    renameSync(part, place)
  } finally {
    rmSync(part, { force: true })
  }
}

/** Removes what was kept too long ago, for this version of Node and for others. */
function removeOld(folder: string): void {
  for (const code of readdirSync(folder).filter((name) => name.startsWith('code-'))) {
    for (const name of readdirSync(join(folder, code))) {
      const place = join(folder, code, name)
      if (Date.now() - statSync(place).mtimeMs > longest) rmSync(place, { force: true })
    }
  }
}

/** A folder of the user's own: who can write to it has their code run. Undefined if there is none. */
function cacheFolder(): string | undefined {
  const { NODE_COMPILE_CACHE: named, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env
  const base = named || [xdg, local].find((path) => path && isAbsolute(path)) || cacheAtHome()
  return base && join(base, 'comfy-run', `code-${process.version}-${process.arch}`)
}

function cacheAtHome(): string | undefined {
  try {
    return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache')
  } catch {
    // In a container with a user that the system does not know.
    return undefined
  }
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}
