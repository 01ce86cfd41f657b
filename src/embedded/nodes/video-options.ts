import type { JsonObject, JsonValue } from '../../protocol/json.ts'

/** A choice that brings further inputs with it, as the newer classes declare them. */
function choice(key: string, inputs: JsonObject): JsonObject {
  return { key, inputs }
}

function encoding(crf: JsonObject): JsonObject {
  const colorSpace = {
    display_name: 'color space',
    default: 'auto',
    multiselect: false,
    options: ['auto', 'sRGB', 'HDR', 'HDR PQ'],
  }
  const again = { required: { crf: ['FLOAT', crf], color_space: ['COMBO', colorSpace] } }
  const options = [choice('auto', { required: {} }), choice('re-encode', again)]
  return {
    required: {},
    optional: { encoding: ['COMFY_DYNAMICCOMBO_V3', { display_name: 'encoding mode', options }] },
  }
}

const auto = choice('auto', { required: {} })
const h264 = choice('h264', encoding({ default: 23, min: 0, max: 51, step: 1 }))
const av1 = choice('av1', encoding({ default: 30, min: 0, max: 63, step: 1 }))

function withCodecs(key: string, codecs: readonly JsonObject[]): JsonObject {
  return choice(key, { required: { codec: ['COMFY_DYNAMICCOMBO_V3', { options: codecs }] } })
}

/** The `format` input of SaveVideo: containers, each with its codecs, each with its settings. */
export const videoFormat: JsonValue = [
  'COMFY_DYNAMICCOMBO_V3',
  {
    options: [
      withCodecs('auto', [auto, h264, av1]),
      withCodecs('mp4', [auto, h264, av1]),
      withCodecs('mkv', [auto, h264, av1]),
      withCodecs('webm', [auto, av1]),
    ],
  },
]

/** The `codec` input of SaveVideo that older graphs have beside `format`. */
export const oldVideoCodec: JsonValue = [
  'COMFY_DYNAMICCOMBO_V3',
  { hidden: true, options: [auto, h264, av1] },
]
