import { stringifyJson, type JsonValue } from '../../protocol/json.ts'

/** Longer lists are not told whole. */
const shownChoices = 20
/** Longer values are cut in messages. */
const shownCharacters = 80

/** What a server offers, as the end of a sentence. */
export function allowedText(choices: readonly JsonValue[]): string {
  if (choices.length === 0) return 'the server has none at all'
  const shown = choices
    .slice(0, shownChoices)
    .map((choice) => (typeof choice === 'string' ? choice : show(choice)))
  const rest = choices.length > shownChoices ? `, and ${choices.length - shownChoices} more` : ''
  return `the server has ${shown.join(', ')}${rest}`
}

/** A value as it stands in the file, cut if it is long. */
export function show(value: JsonValue): string {
  const text = stringifyJson(value)
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters - 3)}...` : text
}
