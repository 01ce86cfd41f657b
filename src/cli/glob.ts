import { isAbsolute } from 'node:path'

/** Whether a path is a pattern; a file may still have such a name. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path)
}

/** The files that a pattern with `*`, `?` and `**` names, sorted; absolute if it is. */
export async function filesLike(pattern: string): Promise<string[]> {
  // Loaded when there is a pattern: it takes longer than all else that a jobs file needs until it is read.
  const { glob } = await import('tinyglobby')
  const options = { absolute: isAbsolute(pattern), expandDirectories: false }
  return (await glob(pattern.replaceAll('\\', '/'), options)).sort()
}
