import { isJsonArray, isJsonObject, type JsonValue } from '../../protocol/json.ts'
import type { InputConfig } from '../../protocol/object-info.ts'

/**
 * The further inputs that a COMBO brings with one of its choices, as VideoHelperSuite lists them for its formats:
 * `{formats: {"video/h264-mp4": [["crf", "INT", {...}], ...]}}`.
 */
export function formatInputs({ options }: InputConfig, choice: JsonValue): InputConfig[] {
  const { formats } = options
  const listed = isJsonObject(formats) && typeof choice === 'string' ? formats[choice] : undefined
  if (!isJsonArray(listed)) return []
  return listed.flatMap((entry) => {
    const [name, type, more] = isJsonArray(entry) ? entry : []
    if (typeof name !== 'string') return []
    return [
      {
        name,
        required: false,
        type: typeof type === 'string' ? type : 'COMBO',
        ...(isJsonArray(type) && { choices: type }),
        options: isJsonObject(more) ? more : {},
      },
    ]
  })
}
