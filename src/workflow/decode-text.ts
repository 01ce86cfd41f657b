import { ComfyRunError } from '../errors.ts'
import { isUtf16 } from './binary-kind.ts'

/**
 * The text of a JSON file: UTF-8, or UTF-16 with its mark. Anything else would put wrong characters into prompts, and
 * is the error `not-json`. `what` says in messages what the file is, `source` how it is called.
 */
export function decodeText(bytes: Buffer, what: string, source: string): string {
  const encoding = !isUtf16(bytes) ? 'utf-8' : bytes[0] === 0xff ? 'utf-16le' : 'utf-16be'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ComfyRunError('not-json', `${what} ${source} is not ${encoding.toUpperCase()} text`, {
      hint: 'save it as UTF-8',
      where: { file: source },
      cause,
    })
  }
}
