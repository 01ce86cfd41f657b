import { isAbsolute, normalize, resolve } from 'node:path'
import { isInside } from '../is-inside.ts'
import type { Folders } from './node.ts'

/** One of the server's folders by the name that requests use; undefined for any other name. */
export function folderNamed(name: string, folders: Folders): string | undefined {
  return name === 'input' || name === 'output' || name === 'temp' ? folders[name] : undefined
}

/** A path below `folder`; undefined if it leads out of it. Backslashes count as what they are on this system. */
export function placeIn(folder: string, ...parts: readonly string[]): string | undefined {
  if (parts.some((part) => isAbsolute(part))) return undefined
  const place = resolve(folder, ...parts.map((part) => normalize(part)))
  return isInside(folder, place) ? place : undefined
}

/** Splits ` [output]`, ` [input]` or ` [temp]` off the end of a file name. */
export function annotated(name: string): { readonly name: string; readonly folder?: string } {
  const [, bare, folder] = /^(.*) \[(output|input|temp)\]$/s.exec(name) ?? []
  return bare === undefined || folder === undefined ? { name } : { name: bare, folder }
}
