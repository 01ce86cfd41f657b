/** Without `await` at the top level, which CommonJS, as what the program is bundled, does not have. */
async function main([only, ...more]: readonly string[]): Promise<void> {
  if ((only === '--version' || only === '-V') && more.length === 0) {
    // Scripts ask this often, and all the rest need not be loaded for it.
    const { version } = await import('../version.ts')
    process.stdout.write(`${version}\n`)
    return
  }
  const { keepCompiledCode } = await import('./compile-cache.ts')
  keepCompiledCode()
  const { runProgram } = await import('./run-program.ts')
  process.exitCode = await runProgram(process.argv)
}

void main(process.argv.slice(2))
