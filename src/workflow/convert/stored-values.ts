import { isJsonArray, type JsonArray, type JsonObject, type JsonValue } from '../../protocol/json.ts'

/** Reads `widgets_values`, which hold a value for each place; a few nodes save theirs by name instead. */
export class StoredValues {
  readonly #values: JsonArray | JsonObject
  #next = 0

  constructor(values: JsonArray | JsonObject) {
    this.#values = values
  }

  /** The value at the next place, or that of the name. Undefined where the file holds none. */
  take(name: string): JsonValue | undefined {
    if (!isJsonArray(this.#values)) {
      return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
    }
    const value = this.#values[this.#next]
    this.#next += 1
    return value
  }

  /** Passes over the places of widgets that the server is told nothing of. */
  skip(places: number): void {
    this.#next += places
  }

  /** How many places are left. None if the values have names. */
  get left(): number {
    return isJsonArray(this.#values) ? Math.max(0, this.#values.length - this.#next) : 0
  }
}
