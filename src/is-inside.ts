import { isAbsolute, relative, sep } from 'node:path'

/** Whether a path is a folder or lies below it; both absolute. Links are not followed. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  // On Windows the way to another drive is an absolute path.
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
