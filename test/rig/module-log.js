// Loaded before the program: writes the URL of every module that is imported, or loaded by `require`, to the file MODULE_LOG.
import { appendFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'

/** @param {readonly string[]} urls */
function note(urls) {
  appendFileSync(process.env['MODULE_LOG'] ?? '', urls.map((url) => `${url}\n`).join(''))
}

if (isMainThread) {
  register(import.meta.url)
  // Hooks do not see what CommonJS requires.
  process.on('exit', () => {
    note(Object.keys(createRequire(import.meta.url).cache).map((path) => pathToFileURL(path).href))
  })
}

/** A hook of node's: sees each module before it is loaded. @type {import('node:module').LoadHook} */
export function load(url, context, next) {
  note([url])
  return next(url, context)
}
