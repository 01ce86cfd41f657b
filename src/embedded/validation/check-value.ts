import type { JsonValue } from '../../protocol/json.ts'
import type { InputSpec } from '../../protocol/object-info.ts'
import { PythonFloat, type Writable } from '../python-json.ts'
import { pythonRepr, pythonStr, reprFloat } from '../python-text.ts'
import { convert, ConversionError } from './convert.ts'
import { inputFault, type Fault } from './faults.ts'

/** Lists longer than this are not sent along with a refusal. */
const longList = 20

/** A literal after conversion, or why it is refused. */
export type CheckedValue = { readonly value: JsonValue } | { readonly fault: Fault }

/** Converts a literal to its input's type. `config` is the input's entry in object_info. */
export function convertValue(spec: InputSpec, config: JsonValue, value: JsonValue): CheckedValue {
  try {
    return { value: convert(spec.type, value) }
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error
    return {
      fault: inputFault(
        'invalid_input_type',
        `Failed to convert an input value to a ${spec.type} value`,
        `${spec.name}, ${pythonStr(value)}, ${error.message}`,
        spec.name,
        { input_config: config, received_value: value, exception_message: error.message },
      ),
    }
  }
}

/** Looks at range and list. NaN passes every range, as it does in Python. */
export function checkRange(spec: InputSpec, config: JsonValue, value: JsonValue): Fault | undefined {
  const { name, min, max, options } = spec
  const shown: { readonly [key: string]: Writable } = {
    input_config: config,
    received_value: spec.type === 'FLOAT' && typeof value === 'number' ? new PythonFloat(value) : value,
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (min !== undefined && value < min) {
      const message = `Value ${show(spec, value)} smaller than min of ${showBound(spec, min)}`
      return inputFault('value_smaller_than_min', message, name, name, shown)
    }
    if (max !== undefined && value > max) {
      const message = `Value ${show(spec, value)} bigger than max of ${showBound(spec, max)}`
      return inputFault('value_bigger_than_max', message, name, name, shown)
    }
  }
  if (spec.type !== 'COMBO' || options === undefined || options.includes(value)) return undefined
  const isLong = options.length > longList
  const list = isLong ? `(list of length ${options.length})` : pythonRepr(options)
  return inputFault(
    'value_not_in_list',
    'Value not in list',
    `${name}: ${pythonRepr(value)} not in ${list}`,
    name,
    {
      ...shown,
      ...(isLong && { input_config: null }),
    },
  )
}

function show(spec: InputSpec, value: number | bigint): string {
  return spec.type === 'FLOAT' ? reprFloat(Number(value)) : String(value)
}

/** Bounds are floats for a FLOAT, but those that no double holds exactly are integers in ComfyUI's classes. */
function showBound(spec: InputSpec, bound: number | bigint): string {
  return typeof bound === 'bigint' ? String(bound) : show(spec, bound)
}
