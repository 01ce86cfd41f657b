/** What happens when nobody reads our output any more (`| head`). */
let react = (): void => process.exit(141)

/** Ends the program quietly when its output is cut off, or does what `whenPipeBreaks` asks for. */
export function endQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      react()
    })
  }
}

/** Has something else done when the output is cut off: a run must not leave its prompts behind. Returns the way back. */
export function whenPipeBreaks(reaction: () => void): () => void {
  const before = react
  react = reaction
  return () => {
    react = before
  }
}
