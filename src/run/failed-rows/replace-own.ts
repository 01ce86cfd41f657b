import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, sep } from 'node:path'
import { asDiskError } from '../../output/disk-error.ts'
import { sha256OfFile } from '../../sha256.ts'

/** The hashes of the files that we wrote, by path; kept among the records of the run. */
const recordName = 'failed-out.json'

/**
 * Writes a file, whole or not at all. A file of that name is replaced only if we wrote it and nobody has changed it
 * since (`records` is the folder where we remember that); otherwise the new one gets a number: `failed-2.csv`.
 * Returns its path. Throws `disk-failed`.
 */
export async function replaceOwn(
  path: string,
  pieces: AsyncIterable<string> | Iterable<string>,
  records: string,
): Promise<string> {
  const part = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`)
  try {
    await mkdir(dirname(path), { recursive: true })
    await writePart(part, pieces)
    const hash = await hashOf(part)
    const known = await readRecord(records)
    const placed = await placeFor(path, async (taken) => {
      const before = await hashOf(taken)
      return before !== undefined && (before === hash || before === known[keyOf(taken, records)])
    })
    await rename(part, placed)
    await writeRecord(records, { ...known, [keyOf(placed, records)]: hash ?? '' })
    return placed
  } catch (error) {
    await rm(part, { force: true }).catch(() => {})
    throw asDiskError(error, path)
  }
}

async function writePart(part: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> {
  const file = await open(part, 'wx')
  try {
    for await (const piece of pieces) await file.appendFile(piece)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * The first of `failed.csv`, `failed-2.csv`, ... that is ours, or free; then an empty file holds it, so that what is
 * renamed onto it replaces nothing of anybody's.
 */
async function placeFor(path: string, isOurs: (taken: string) => Promise<boolean>): Promise<string> {
  const extension = extname(path)
  const stem = path.slice(0, path.length - extension.length)
  for (let number = 1; ; number += 1) {
    const place = number === 1 ? path : `${stem}-${number}${extension}`
    try {
      await (await open(place, 'wx')).close()
      return place
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (await isOurs(place)) return place
  }
}

/** Undefined if there is no such file. */
async function hashOf(path: string): Promise<string | undefined> {
  try {
    return await sha256OfFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function keyOf(path: string, records: string): string {
  return relative(records, path).split(sep).join('/')
}

/** A record that is torn or gone says nothing: then no file counts as ours. */
async function readRecord(records: string): Promise<Readonly<Record<string, string>>> {
  try {
    const known: unknown = JSON.parse(await readFile(join(records, recordName), 'utf8'))
    return typeof known === 'object' && known !== null ? (known as Record<string, string>) : {}
  } catch {
    return {}
  }
}

async function writeRecord(records: string, known: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(records, { recursive: true })
  const part = join(records, `.${recordName}.part`)
  await writeFile(part, `${JSON.stringify(known, undefined, 2)}\n`)
  await rename(part, join(records, recordName))
}
