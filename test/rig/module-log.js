// Loaded before the program: writes the URL of every module that is imported to the file MODULE_LOG.
import { appendFileSync } from 'node:fs'
import { register } from 'node:module'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) register(import.meta.url)

/** A hook of node's: sees each module before it is loaded. @type {import('node:module').LoadHook} */
export function load(url, context, next) {
  appendFileSync(process.env['MODULE_LOG'] ?? '', `${url}\n`)
  return next(url, context)
}
