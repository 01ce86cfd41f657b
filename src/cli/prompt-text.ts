import { readFile } from 'node:fs/promises'
import { ComfyRunError } from '../errors.ts'
import { readStdin } from './stdin.ts'

/**
 * The prompt that an argument means: `-` reads it from stdin, `@file` from a file, `@@` begins a text with a
 * literal `@`; anything else is the prompt itself. Throws `file-not-found`, `bad-option` if it is empty.
 */
export async function promptText(argument: string): Promise<string> {
  const text = await read(argument)
  if (text.trim() !== '') return text
  throw new ComfyRunError('bad-option', 'the prompt is empty', {
    hint:
      argument === '-' ? 'nothing came from stdin' : 'give it as an argument, as @file, or as - for stdin',
  })
}

async function read(argument: string): Promise<string> {
  if (argument === '-') return withoutLastNewline(await readStdin())
  if (argument.startsWith('@@')) return argument.slice(1)
  if (!argument.startsWith('@')) return argument
  const file = argument.slice(1)
  try {
    return withoutLastNewline(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new ComfyRunError('file-not-found', `the prompt file "${file}" can't be read`, {
      cause,
      hint: 'a prompt that begins with @ is written with two: "@@..."',
    })
  }
}

function withoutLastNewline(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r?\n$/, '')
}
