import { ComfyRunError } from '../errors.ts'

/** A LoRA that is asked for. */
export interface Lora {
  /** As the server calls it, e.g. `styles/ink.safetensors`. */
  readonly name: string
  /** Of the model and the text encoder. Undefined leaves that of a loader that is there, and is 1 for a new one. */
  readonly strength?: number
}

/** Reads `NAME` or `NAME:STRENGTH`. Throws ComfyRunError `bad-value`. */
export function parseLora(text: string): Lora {
  const [, name = '', strength] = /^(.*?)(?::([^:/\\]*))?$/s.exec(text.trim()) ?? []
  if (strength === undefined && name !== '') return { name }
  const value = Number(strength)
  if (name !== '' && strength?.trim() !== '' && Number.isFinite(value)) return { name, strength: value }
  throw new ComfyRunError('bad-value', `a LoRA is NAME or NAME:STRENGTH, not "${text}"`, {
    hint: 'for example --lora ink.safetensors:0.8',
  })
}
