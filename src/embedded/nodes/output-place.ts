import { mkdir, readdir } from 'node:fs/promises'
import { basename, dirname, normalize, resolve, sep } from 'node:path'
import { NodeError } from '../node.ts'
import { isInside } from '../../is-inside.ts'

/** Where the next file of a prefix goes. */
export interface OutputPlace {
  /** The folder, there when this is given. */
  readonly folder: string
  /** The folder below the server's output (or temp) folder, as `/view` takes it. */
  readonly subfolder: string
  /** The last part of the prefix; may still hold `%batch_num%`. */
  readonly name: string
  /** The number of the next file, 1 in an empty folder. */
  readonly counter: number
}

/**
 * Where a save node's files go, by its `filename_prefix`, which may name subfolders and holds `%width%` and the like.
 * Numbers go on after the highest one of the same prefix, whatever the extension. Throws `NodeError` if the prefix
 * leads out of the folder.
 */
export async function outputPlace(
  prefix: string,
  outputFolder: string,
  size: { readonly width: number; readonly height: number },
  now: Date = new Date(),
): Promise<OutputPlace> {
  const path = withoutEnd(normalize(expanded(prefix, size, now)))
  const subfolder = dirname(path) === '.' ? '' : dirname(path)
  const name = basename(path)
  const folder = resolve(outputFolder, subfolder)
  if (!isInside(outputFolder, folder)) {
    const message = `**** ERROR: Saving image outside the output folder is not allowed.\n full_output_folder: ${folder}\n         output_dir: ${outputFolder}`
    throw new NodeError('Exception', message)
  }
  await mkdir(folder, { recursive: true })
  return { folder, subfolder, name, counter: (await highestNumber(folder, name)) + 1 }
}

/** The name of a numbered file: `name_00001_.png`, for text and audio without the last underscore. */
export function numberedName(name: string, counter: number, end: `.${string}` | `_.${string}`): string {
  return `${name}_${String(counter).padStart(5, '0')}${end}`
}

function expanded(
  prefix: string,
  size: { readonly width: number; readonly height: number },
  now: Date,
): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const values: Readonly<Record<string, string>> = {
    width: String(size.width),
    height: String(size.height),
    year: String(now.getFullYear()),
    month: two(now.getMonth() + 1),
    day: two(now.getDate()),
    hour: two(now.getHours()),
    minute: two(now.getMinutes()),
    second: two(now.getSeconds()),
  }
  return prefix.replaceAll(/%(\w+)%/g, (all, key: string) => values[key] ?? all)
}

function withoutEnd(path: string): string {
  return path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path
}

/** Names are compared as they are: a prefix that still holds `%batch_num%` finds nothing and begins at 1 again. */
async function highestNumber(folder: string, name: string): Promise<number> {
  const start = `${name}_`
  let highest = 0
  for (const file of await readdir(folder)) {
    if (!file.startsWith(start)) continue
    const digits = /^(\d+)(?:[_.]|$)/.exec(file.slice(start.length))?.[1]
    if (digits !== undefined) highest = Math.max(highest, Number(digits))
  }
  return highest
}
