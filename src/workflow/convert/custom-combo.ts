import type { JsonValue } from '../../protocol/json.ts'
import type { StoredValues } from './stored-values.ts'

/** The class whose choices a person types in; the page alone knows them. */
export const customCombo = 'CustomCombo'

/**
 * What the page sends for a CustomCombo: the choice, its number from 0, and every option; the last of these is the
 * empty one that the next would be typed into.
 */
export function customComboValues(values: StoredValues): [name: string, value: JsonValue][] {
  const choice = values.take('choice') ?? ''
  const index = values.take('index') ?? 0
  const options: JsonValue[] = []
  while (values.left > 0) options.push(values.take('option') ?? '')
  if (options.at(-1) !== '') options.push('')
  return [
    ['choice', choice],
    ['index', index],
    ...options.map((option, at): [string, JsonValue] => [`option${at + 1}`, option]),
  ]
}
