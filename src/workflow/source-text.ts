import { readFile } from 'node:fs/promises'

/**
 * The text of a workflow's file, to find places in; empty for stdin, which was read once and for all, and for what can't
 * be read any more.
 */
export async function sourceText(source: string): Promise<string> {
  return source === '-' || source === 'stdin' ? '' : readFile(source, 'utf8').catch(() => '')
}
