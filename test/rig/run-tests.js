// Runs node's test runner over TypeScript tests. Node 20 knows no globs for --test, so the files are
// listed here. `node test/rig/run-tests.js [folder or file...]`; without arguments, everything except
// test/comfyui, which needs a real server (npm run test:comfyui).
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'

const needsRealServer = join('test', 'comfyui') + sep

/** @param {string} path @returns {string[]} */
function testFiles(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(path, name))
    .sort()
}

const asked = process.argv.slice(2)
const files =
  asked.length > 0
    ? asked.flatMap(testFiles)
    : testFiles('test').filter((file) => !file.startsWith(needsRealServer))

const run = spawnSync(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=spec', ...files], {
  stdio: 'inherit',
})
process.exit(run.status ?? 1)
