const [only, ...more] = process.argv.slice(2)
if ((only === '--version' || only === '-V') && more.length === 0) {
  // Scripts ask this often, and all the rest need not be loaded for it.
  const { version } = await import('../version.ts')
  process.stdout.write(`${version}\n`)
} else {
  const { runProgram } = await import('./run-program.ts')
  process.exitCode = await runProgram(process.argv)
}
