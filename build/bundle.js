// Bundles the program with its libraries into few files: loading hundreds took most of the time of a short command. What is
// used by few commands stays in files of its own, which only they load. sharp is left out: it is machine code.
// The licences of what is bundled go with it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const outdir = 'dist/bin'

/** @type {import('esbuild').Plugin} */
const partOfUndici = {
  name: 'part-of-undici',
  setup(bundler) {
    bundler.onResolve({ filter: /^undici$/ }, () => ({ path: resolve('build/undici.cjs') }))
  },
}

const { metafile } = await build({
  entryPoints: ['src/cli/main.ts'],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['sharp'],
  plugins: [partOfUndici],
  // Libraries that are CommonJS ask for node's own modules through it.
  banner: {
    js: "import { createRequire as nodeCreateRequire } from 'node:module'; const require = nodeCreateRequire(import.meta.url);",
  },
  outdir,
  metafile: true,
  logLevel: 'warning',
})

const folders = new Set(
  Object.keys(metafile.inputs).flatMap((input) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
)
const notices = Array.from(folders)
  .toSorted()
  .map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    const text = file
      ? readFileSync(join(folder, file), 'utf8').trim()
      : 'It comes without the text of its licence.'
    return `${name} ${version}: ${license}\n\n${text}\n`
  })
writeFileSync(join(outdir, 'LICENSES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`))
