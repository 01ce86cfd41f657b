/** A random number, at least 0 and less than 1. */
export type Random = () => number

/** A `{` that is not closed yet: the choices before the one that is read. */
interface Block {
  readonly choices: string[]
  /** The text before the block. */
  readonly before: string
}

/**
 * The text that the page sends for a prompt: without its comments, and with one of the choices of each `{red|blue}`,
 * which may hold choices themselves. A backslash before a brace or a bar leaves it as it is.
 */
export function resolvePrompt(prompt: string, random: Random): string {
  const text = prompt.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '')
  if (!/[\\{]/.test(text)) return text
  const blocks: Block[] = []
  let read = ''
  const close = ({ choices, before }: Block): void => {
    const all = [...choices, read]
    read = before + (all[Math.floor(random() * all.length)] ?? '')
  }
  for (const [part] of text.matchAll(/\\?[^]/g)) {
    const block = blocks.at(-1)
    if (part === '{') {
      blocks.push({ choices: [], before: read })
      read = ''
    } else if (part === '|' && block) {
      block.choices.push(read)
      read = ''
    } else if (part === '}' && block) {
      close(block)
      blocks.pop()
    } else {
      read += part
    }
  }
  // A block that nobody closed ends with the text.
  for (const block of blocks.toReversed()) close(block)
  return read.replaceAll(/\\([{}|])/g, '$1')
}
