import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject, type JsonValue } from '../../protocol/json.ts'
import { PythonFloat } from '../python-json.ts'
import { pythonStr, reprFloat } from '../python-text.ts'
import { defineNode, type TableEntry } from './define.ts'
import { numberedName, outputPlace } from './output-place.ts'
import { textOf } from './values.ts'

/** A value in words, as Python shows it; pictures, models and the like only by their kind. */
function shown(value: unknown): string {
  if (value === undefined) return 'None'
  if (value instanceof PythonFloat) return reprFloat(value.value)
  if (isJsonObject(value) && typeof value.kind === 'string') return `<${value.kind}>`
  return pythonStr(value as JsonValue)
}

/** Nodes that show, save and change text. */
export const texts: readonly TableEntry[] = [
  defineNode({
    name: 'PreviewAny',
    title: 'Preview as Text',
    category: 'utilities',
    module: 'comfy_extras.nodes_preview_any',
    required: { source: ['*', {}] },
    output: ['STRING'],
    outputNode: true,
    run: ({ source }) => {
      const text = shown(source)
      return { outputs: [text], ui: { text: [text] } }
    },
  }),
  defineNode({
    name: 'SaveText',
    title: 'Save Text',
    category: 'text',
    module: 'comfy_extras.nodes_text',
    v3: true,
    required: {
      text: ['STRING', { forceInput: true, multiline: false }],
      filename_prefix: ['STRING', { default: 'ComfyUI', multiline: false }],
      format: ['COMBO', { default: 'txt', multiselect: false, options: ['txt', 'csv', 'md', 'json'] }],
    },
    takesMetadata: true,
    output: ['STRING'],
    outputNames: ['text'],
    outputNode: true,
    run: async (inputs, { folders }) => {
      const text = textOf(inputs.text)
      const prefix = textOf(inputs.filename_prefix)
      const size = { width: 0, height: 0 }
      const { folder, subfolder, name, counter } = await outputPlace(prefix, folders.output, size)
      const filename = numberedName(name, counter, `.${textOf(inputs.format)}`)
      await writeFile(join(folder, filename), text)
      return { outputs: [text], ui: { text: [text], files: [{ filename, subfolder, type: 'output' }] } }
    },
  }),
  defineNode({
    name: 'StringConcatenate',
    title: 'Concatenate',
    category: 'utils/string',
    module: 'comfy_extras.nodes_string',
    v3: true,
    required: {
      string_a: ['STRING', { multiline: true }],
      string_b: ['STRING', { multiline: true }],
      delimiter: ['STRING', { default: '', multiline: false }],
    },
    output: ['STRING'],
    run: ({ string_a, string_b, delimiter }) => ({
      outputs: [[textOf(string_a), textOf(string_b)].join(textOf(delimiter))],
    }),
  }),
  defineNode({
    name: 'StringReplace',
    title: 'Replace',
    category: 'utils/string',
    module: 'comfy_extras.nodes_string',
    v3: true,
    required: {
      string: ['STRING', { multiline: true }],
      find: ['STRING', { multiline: true }],
      replace: ['STRING', { multiline: true }],
    },
    output: ['STRING'],
    run: (inputs) => ({
      // By a function, so that `$` means nothing special.
      outputs: [textOf(inputs.string).replaceAll(textOf(inputs.find), () => textOf(inputs.replace))],
    }),
  }),
  defineNode({
    name: 'StringTrim',
    title: 'Trim',
    category: 'utils/string',
    module: 'comfy_extras.nodes_string',
    v3: true,
    required: {
      string: ['STRING', { multiline: true }],
      mode: ['COMBO', { multiselect: false, options: ['Both', 'Left', 'Right'] }],
    },
    output: ['STRING'],
    run: (inputs) => {
      const text = textOf(inputs.string)
      if (inputs.mode === 'Left') return { outputs: [text.trimStart()] }
      return { outputs: [inputs.mode === 'Right' ? text.trimEnd() : text.trim()] }
    },
  }),
]
