import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import type { StoredValues } from './stored-values.ts'

/** The names and values that are sent for a node. */
export type NamedValue = readonly [name: string, value: JsonValue]

/** Classes whose widgets the page alone makes, as many as a person adds: the server lists none of them. */
const makers = new Map<string, (values: StoredValues) => NamedValue[]>([
  ['CustomCombo', customCombo],
  ['Power Lora Loader (rgthree)', powerLoraLoader],
])

/** What is sent for the widgets of a node of such a class. Undefined for all other classes. */
export function ownWidgets(classType: string, values: StoredValues): NamedValue[] | undefined {
  return makers.get(classType)?.(values)
}

/** The choice, its number, and every option; the last one is the empty one that the next would be typed into. */
function customCombo(values: StoredValues): NamedValue[] {
  const choice = values.take('choice') ?? ''
  values.skip(1)
  const options: JsonValue[] = []
  while (values.left > 0) options.push(values.take('option') ?? '')
  if (options.at(-1) !== '') options.push('')
  return [
    ['choice', choice],
    ['index', options.indexOf(choice)],
    ...options.map((option, at): NamedValue => [`option${at + 1}`, option]),
  ]
}

/** The number of a choice counts from 0 and follows from what is sent; -1 is none of the options. */
export function withIndexOfChoice(classType: string, inputs: JsonObject): JsonObject {
  const { choice } = inputs
  if (classType !== 'CustomCombo' || choice === undefined || isJsonArray(choice)) return inputs
  const options = Object.entries(inputs).filter(([name]) => name.startsWith('option'))
  return { ...inputs, index: options.findIndex(([, option]) => option === choice) }
}

/** A row for each LoRA, `{on, lora, strength}`, among headings and buttons. */
function powerLoraLoader(values: StoredValues): NamedValue[] {
  const rows: JsonValue[] = []
  while (values.left > 0) rows.push(values.take('row') ?? null)
  return rows
    .filter((row) => isJsonObject(row) && 'lora' in row)
    .map((row, at): NamedValue => [`lora_${at + 1}`, row])
}
