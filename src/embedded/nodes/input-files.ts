import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Folders } from '../node.ts'
import { isInside } from '../../is-inside.ts'

const extensions = {
  image: /\.(?:png|jpe?g|webp|gif|bmp|tiff?|avif|ico|svg|jxl|heic|heif)$/i,
  audio: /\.(?:wav|mp3|flac|ogg|opus|m4a|aac|aiff?|wma)$/i,
  video: /\.(?:mp4|webm|mkv|mov|avi|m4v|mpe?g)$/i,
}

/** The files of a kind in the input folder (not below it), sorted; what a LoadImage node offers. */
export function inputFiles(folders: Folders, kind: keyof typeof extensions): string[] {
  try {
    return readdirSync(folders.input, { withFileTypes: true })
      .filter((entry) => entry.isFile() && extensions[kind].test(entry.name))
      .map((entry) => entry.name)
      .sort((a, b) => (a < b ? -1 : 1))
  } catch {
    // No folder, no files.
    return []
  }
}

const annotation = / ?\[(input|output|temp)\]$/

/**
 * The file that a name means: in the input folder, or in the one that the name ends with, as in `x.png [output]`. The
 * name may have subfolders. Undefined if there is no such file, or if it would lie outside of the folder.
 */
export function inputFile(name: string, folders: Folders): string | undefined {
  const [end, type = 'input'] = annotation.exec(name) ?? ['']
  const folder = folders[type as keyof Folders]
  const path = resolve(folder, name.slice(0, name.length - end.length))
  return path !== folder && isInside(folder, path) && existsSync(path) ? path : undefined
}

/** A hash of a file's bytes, so that a changed file is loaded anew. Throws if there is none. */
export function fileFingerprint(name: string, folders: Folders): string {
  const path = inputFile(name, folders)
  if (path === undefined) throw new Error(`no file ${name}`)
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
