import { randomInt } from 'node:crypto'

/** A prefix for files in the temp folder: five random letters keep apart what runs one after the other. */
export function tempPrefix(): string {
  const letters = Array.from({ length: 5 }, () => String.fromCharCode(97 + randomInt(26)))
  return `ComfyUI_temp_${letters.join('')}`
}
