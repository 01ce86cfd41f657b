// The other thread of `SizeReader`: answers the paths of files with their sizes.
import { parentPort } from 'node:worker_threads'
import { sizeOf } from './size-of.ts'

parentPort?.on('message', (paths: string) => {
  const sizes = Float64Array.from(paths.split('\0'), (path) => sizeOf(path) ?? Number.NaN)
  parentPort?.postMessage(sizes, [sizes.buffer])
})
