import {
  isJsonArray,
  isJsonObject,
  stringifyJson,
  type JsonObject,
  type JsonValue,
} from '../../../src/protocol/json.ts'

/** Values that are times: only that there is a number is compared. */
const times: ReadonlySet<string> = new Set([
  'timestamp',
  'create_time',
  'execution_start_time',
  'execution_end_time',
])
/** Lists whose order says nothing: Python makes them from sets. */
const sets: ReadonlySet<string> = new Set(['executed', 'current_outputs'])
/** Texts of ComfyUI's own, which comfy-run does not repeat. */
const prose: ReadonlySet<string> = new Set(['tooltip', 'description', 'output_tooltips', 'search_aliases'])

/**
 * Turns what was recorded into what this server should have said: ids, numbers, file names and folders differ
 * from run to run. Both sides are then brought into one form.
 */
export class Translation {
  readonly #texts = new Map<string, string>()
  readonly #numbers = new Map<string, JsonValue>()

  readonly #isGrouped: boolean

  /** `isGrouped`: the order of the outputs is another one, and with it which file comes first. */
  constructor(folder: string, isGrouped: boolean) {
    this.#isGrouped = isGrouped
    this.#texts.set('/comfyui', folder)
  }

  /** The recorded text means this one here. */
  learn(recorded: string, here: string): void {
    if (recorded !== here) this.#texts.set(recorded, here)
  }

  /** The recorded prompt has this id and number here. */
  learnPrompt(recorded: JsonObject, here: JsonObject): void {
    if (typeof recorded.prompt_id !== 'string' || typeof here.prompt_id !== 'string') return
    this.learn(recorded.prompt_id, here.prompt_id)
    this.#numbers.set(stringifyJson(recorded.number), here.number ?? null)
  }

  /** Files that a node made: same place in the same node's output, same form of the name. */
  learnFiles(recorded: JsonValue | undefined, here: JsonValue | undefined): void {
    if (isJsonArray(recorded) && isJsonArray(here)) {
      for (const [index, item] of recorded.entries()) this.learnFiles(item, here[index])
    } else if (isJsonObject(recorded) && isJsonObject(here)) {
      const { filename } = recorded
      if (typeof filename === 'string' && typeof here.filename === 'string') {
        if (nameForm(filename) === nameForm(here.filename)) this.learn(filename, here.filename)
      } else for (const [key, item] of Object.entries(recorded)) this.learnFiles(item, here[key])
    }
  }

  text(recorded: string): string {
    let text = recorded
    for (const [from, to] of this.#texts) text = text.replaceAll(from, to)
    return text
  }

  /** A recorded path: the values of its query are translated unescaped. */
  path(recorded: string): string {
    const [path = '', query] = recorded.split('?')
    if (query === undefined) return this.text(path)
    const fields = query.split('&').map((field) => {
      const [name, escaped = ''] = field.split('=')
      const value = decodeURIComponent(escaped)
      const here = this.text(value)
      // What needs no translation stays as it was escaped.
      return here === value ? field : `${name}=${encodeURIComponent(here)}`
    })
    return `${this.text(path)}?${fields.join('&')}`
  }

  /** A recorded value, translated and normalised. */
  value(recorded: JsonValue): JsonValue {
    return this.#walk(recorded, (text) => this.text(text), true)
  }

  /** A value from here, normalised. */
  here(value: JsonValue): JsonValue {
    return this.#walk(value, (text) => text, false)
  }

  #walk(value: JsonValue, text: (text: string) => string, isRecorded: boolean): JsonValue {
    if (typeof value === 'string') return text(value)
    if (isJsonArray(value)) {
      const items = value.map((item) => this.#walk(item, text, isRecorded))
      const [number, id] = items
      // [number, id, graph, extra_data, outputs]; the outputs come from a set.
      if (items.length === 5 && typeof id === 'string' && /^[\da-f-]{36}$/.test(id)) {
        items[0] = isRecorded ? this.#number(number ?? null) : (number ?? null)
        items[4] = sorted(items[4])
      }
      return items
    }
    if (!isJsonObject(value)) return value
    const entries = Object.entries(value).flatMap(([key, item]): Array<[string, JsonValue]> => {
      if (prose.has(key)) return []
      if (key === 'preview_output' && this.#isGrouped && isJsonObject(item)) {
        return [[key, Object.keys(item).sort()]]
      }
      if (times.has(key)) return [[key, typeof item]]
      if (sets.has(key)) return [[key, sorted(item)]]
      if (key === 'traceback') return [[key, isJsonArray(item) ? 'list' : typeof item]]
      if (key === 'current_inputs' && isJsonObject(item)) return [[key, Object.keys(item).sort()]]
      if (key === 'number' || key === 'priority') return [[key, isRecorded ? this.#number(item) : item]]
      return [[text(key), this.#walk(item, text, isRecorded)]]
    })
    return Object.fromEntries(entries)
  }

  #number(recorded: JsonValue): JsonValue {
    return this.#numbers.get(stringifyJson(recorded)) ?? recorded
  }
}

/** A file name without what differs from run to run: numbers, dates, and the letters of temporary files. */
function nameForm(name: string): string {
  return name
    .replaceAll(/\d{5}/g, '#####')
    .replace(/\d{4}-\d\d-\d\d/, '####-##-##')
    .replace(/temp_[a-z]{5}_/, 'temp_*_')
}

function sorted(value: JsonValue | undefined): JsonValue {
  return isJsonArray(value) ? value.map(String).sort() : (value ?? null)
}
