// Control characters are what this file is about.
/* oxlint-disable no-control-regex */

/** `ESC [ ...` and its one-character form: colours, cursor, screen. */
const controlSequence = /(?:\x1B\[|\x9B)[0-?]*[ -/]*[@-~]/
/** `ESC ] ... BEL` and the like: window titles, links, the clipboard, device control. */
const controlString = /(?:\x1B[\]PX^_]|[\x90\x98\x9D-\x9F])[^\x07\x1B\x80-\x9F]*(?:\x07|\x1B\\|\x9C)/
const otherEscape = /\x1B[ -/]*[0-~]?/
const escapes = new RegExp(`${controlString.source}|${controlSequence.source}|${otherEscape.source}`, 'g')

/** Marks that change the direction of what follows, so that a text reads as another one. */
const directions = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
/** What JSON lets pass: control characters, ends of lines, marks of direction, and what begins a command in GitHub's log. */
const unsafeInJson = new RegExp(`[\\x7F-\\x9F\\u2028\\u2029]|${directions.source}|(?<=#)#(?=\\[)`, 'g')

/**
 * Text from a server or a file, safe to show on a terminal: without escape sequences, control characters and marks
 * of direction. Line breaks become `\n`; tabs stay.
 */
export function cleanBlock(text: string): string {
  return text
    .replaceAll(escapes, '')
    .replaceAll(/\r\n?|[\x85\u2028\u2029]/g, '\n')
    .replaceAll(/[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]/g, '')
    .replaceAll(directions, '')
}

/** As `cleanBlock`, on one line: breaks and tabs become a space. */
export function cleanLine(text: string): string {
  const lines = cleanBlock(text).split('\n')
  const last = lines.length - 1
  return lines
    .map((line, index) => {
      const start = index === 0 ? line : line.trimStart()
      return index === last ? start : start.trimEnd()
    })
    .filter((line, index) => line !== '' || index === 0 || index === last)
    .join(' ')
    .replaceAll('\t', ' ')
}

/**
 * JSON that no terminal obeys and no log takes for a command: JSON itself escapes most control characters, but not
 * these, and some readers split lines at them. It holds the same values.
 */
export function cleanJson(json: string): string {
  return json.replaceAll(unsafeInJson, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Text for GitHub's log in which nothing is a workflow command: the words of a server or a file must not be obeyed. */
export function withoutCommands(text: string): string {
  return text.replaceAll(/^(\s*):(?=:)/gm, '$1: ').replaceAll('##[', '## [')
}
