// Bundles the program with its libraries into few files: finding and loading hundreds took most of the time of a short
// command. What is used by few commands stays in files of its own, which only they load. They are CommonJS, which Node 20 loads
// a tenth quicker: its loader of ES modules waits for another thread at every file. sharp is left out: it is machine code.
// The licences of what is bundled go with it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { rolldown } from 'rolldown'

const folder = 'dist/bin'

/**
 * What is loaded at one go: a file's name, and the modules that it is for. Whatever they import is in it as well, unless it
 * is in one before. What is in none of them is left to the bundler. The entry, main.ts, must not be among them: it waits
 * for the others.
 */
const parts = {
  version: ['src/version.ts'],
  // Loaded before what keeps the compiled code is there.
  flags: ['src/cli/v8-flags.ts'],
  help: ['src/cli/run-program.ts'],
  plan: [
    'src/cli/commands/txt2img.ts',
    'src/cli/execute.ts',
    'src/cli/carry-out.ts',
    'src/cli/show-plan.ts',
    'src/plan/check.ts',
    'src/plan/job-graph-check.ts',
  ],
  batch: ['src/cli/commands/batch.ts'],
  run: ['src/comfy/access.ts', 'src/run/run.ts', 'src/run/file-rules.ts', 'src/cli/signals.ts'],
  lines: ['src/cli/run-reporter.ts', 'src/reporters/lines-reporter.ts'],
}

/** Files that stand for modules which load more than the program uses, by what they are imported as. */
const standIns = new Map([
  ['undici', 'build/undici.cjs'],
  ['./client-h2.js', 'build/undici-http2.cjs'],
])

/**
 * Modules of Node's that libraries load at the start and few commands use: a server behind TLS, a command that is a program of
 * its own. They are loaded when something of theirs is used.
 */
const usedByFew = new Set(['https', 'tls', 'child_process'])
const late = '\0late:'

/** What each module imports when it is loaded, by path. @type {Map<string, readonly string[]>} */
const imports = new Map()
/** @type {import('rolldown').Plugin} */
const plugin = {
  name: 'comfy-run',
  resolveId(id, importer, { kind }) {
    const path = standIns.get(id)
    if (path !== undefined) return resolve(path)
    // What is imported, not required, has its names taken at the start.
    if (kind !== 'require-call' || !importer?.includes('node_modules')) return undefined
    const name = id.replace(/^node:/, '')
    if (name === 'assert') return resolve('build/assert.cjs')
    return usedByFew.has(name) ? `${late}${name}` : undefined
  },
  load: (id) =>
    id.startsWith(late)
      ? `module.exports = new Proxy({}, { get: (_, key) => require('node:${id.slice(late.length)}')[key] })`
      : undefined,
  buildEnd() {
    for (const id of this.getModuleIds()) imports.set(id, this.getModuleInfo(id)?.importedIds ?? [])
  },
}

/** Modules with all that they import, directly or not. @param {readonly string[]} paths */
function withImports(paths) {
  const found = new Set(paths.map((path) => resolve(path)))
  for (const id of found) for (const imported of imports.get(id) ?? []) found.add(imported)
  return found
}

/** @type {Map<string, Set<string>>} */
const modulesOf = new Map()

rmSync(folder, { recursive: true, force: true })
const bundle = await rolldown({
  input: 'src/cli/main.ts',
  platform: 'node',
  external: ['sharp'],
  transform: { target: 'node20' },
  plugins: [plugin],
  // Some are loaded late in the library, where the program has them at hand.
  checks: { ineffectiveDynamicImport: false },
})
await bundle.write({
  dir: folder,
  format: 'cjs',
  // Code that is taken from the compile cache of Node 20 can't import: sharp is required.
  dynamicImportInCjs: false,
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  codeSplitting: {
    groups: Object.entries(parts).map(([name, paths], index) => ({
      name,
      priority: Object.keys(parts).length - index,
      test(id) {
        const modules = modulesOf.get(name) ?? withImports(paths)
        modulesOf.set(name, modules)
        return modules.has(id)
      },
    })),
  },
})
await bundle.close()

// One letter beyond Latin-1, and V8 keeps the whole file with two bytes a letter, and reads it more slowly. All of them stand
// in strings, patterns and comments.
for (const name of readdirSync(folder)) {
  const path = join(folder, name)
  const code = readFileSync(path, 'utf8')
  const escaped = code.replaceAll(/[^\0-\x7F]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  writeFileSync(path, escaped)
}

const libraries = new Set(
  Array.from(imports.keys()).flatMap((id) => {
    const path = relative('.', id).split(sep).join('/')
    return /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []
  }),
)
const notices = Array.from(libraries)
  .toSorted()
  .map((library) => {
    const { name, version, license } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'))
    const file = readdirSync(library).find((entry) => /^licen[cs]e/i.test(entry))
    const text = file
      ? readFileSync(join(library, file), 'utf8').trim()
      : 'It comes without the text of its licence.'
    return `${name} ${version}: ${license}\n\n${text}\n`
  })
writeFileSync(join(folder, 'LICENSES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`))
