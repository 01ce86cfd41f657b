// Required before the program, with `--expose-internals`: writes to the file BUILTIN_LOG which of Node's own modules were
// loaded, and which of them Node had to compile because it did not take the compiled code that comes with them.
const { writeFileSync } = require('node:fs')
// @ts-expect-error It is Node's own, for its tests.
const { internalBinding } = require('internal/test/binding')

/** @returns {string[]} */
const loadList = () => Object.getOwnPropertyDescriptor(process, 'moduleLoadList')?.value
const before = new Set(loadList())

process.on('exit', () => {
  const prefix = 'NativeModule '
  const loaded = loadList().flatMap((entry) =>
    entry.startsWith(prefix) && !before.has(entry) ? [entry.slice(prefix.length)] : [],
  )
  const { compiledWithoutCache } = internalBinding('builtins').getCacheUsage()
  writeFileSync(
    process.env['BUILTIN_LOG'] ?? '',
    JSON.stringify({ loaded, compiled: [...compiledWithoutCache] }),
  )
})
