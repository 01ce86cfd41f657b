import { isJsonArray, type JsonArray, type JsonObject } from '../../protocol/json.ts'
import type { InputConfig } from '../../protocol/object-info.ts'
import { hasWidget } from './widget-types.ts'

/**
 * `widgets_values` without the places of `forceInput` inputs. Pages before 1.16 kept one for each such input, newer
 * ones keep none: which of them it was is told by the length of the list alone.
 */
export function withoutForcedInputs(
  values: JsonArray | JsonObject,
  inputs: readonly InputConfig[],
): JsonArray | JsonObject {
  if (!isJsonArray(values) || !inputs.some(isForced)) return values
  const places = inputs
    .filter((input) => hasWidget(input) || isForced(input))
    .flatMap((input) => (input.options.control_after_generate ? [isForced(input), false] : [isForced(input)]))
  return places.length === values.length ? values.filter((_, at) => !places[at]) : values
}

function isForced({ options }: InputConfig): boolean {
  return options.forceInput === true
}
